#include "memory/leak_report.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("a leak report is read leak by leak, without the allocator's own frame") {
  const inject::MemoryLook look = inject::read_leak_report(
      "\n=================\n"
      "==prog==17==ERROR: LeakSanitizer: detected memory leaks\n\n"
      "Direct leak of 128 byte(s) in 2 object(s) allocated from:\n"
      "frame 0x13545 /usr/lib/liblsan.so.0\n"
      "frame 0x1210 /a folder/prog\n"
      "frame 0x27249 /lib/libc.so.6\n\n"
      "Indirect leak of 8 byte(s) in 1 object(s) allocated from:\n"
      "frame 0x13545 /usr/lib/liblsan.so.0\n"
      "frame 0x1300 /a folder/prog\n\n"
      "SUMMARY: LeakSanitizer: 136 byte(s) leaked in 3 allocation(s).\n");
  REQUIRE(look.failure.empty());
  REQUIRE(look.errors.size() == 2);
  CHECK(look.errors[0].bytes == 128);
  CHECK(look.errors[0].blocks == 2);
  CHECK(look.errors[0].stack ==
        std::vector<inject::CodePlace>{{"/a folder/prog", 0x1210}, {"/lib/libc.so.6", 0x27249}});
  CHECK(look.errors[1].stack == std::vector<inject::CodePlace>{{"/a folder/prog", 0x1300}});
  CHECK(look.errors[0].kind == "Leak_DefinitelyLost");
  CHECK(look.errors[1].kind == "Leak_IndirectlyLost");
  CHECK(look.errors[0].what == "128 bytes in 2 blocks lost");
}

TEST_CASE("a checker that cannot look says why") {
  CHECK_THAT(inject::read_leak_report(
                 "==1==LeakSanitizer has encountered a fatal error.\n==1==HINT: ...\n")
                 .failure,
             ContainsSubstring("trace"));
  CHECK_THAT(inject::read_leak_report("LeakSanitizer: CHECK failed: file.cpp:1 (tid=1)\n").failure,
             ContainsSubstring("CHECK failed"));
}

}  // namespace
}  // namespace heddle::tests
