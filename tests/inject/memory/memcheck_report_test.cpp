#include <fmt/format.h>

#include <string>
#include <utility>

#include "memory/memcheck_report.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Catch::Matchers::ContainsSubstring;
using inject::MemoryLook;

/// As Valgrind 3.19 writes it.
const std::string beginning =
    "<?xml version=\"1.0\"?>\n\n<valgrindoutput>\n<protocolversion>4</protocolversion>\n"
    "<protocoltool>memcheck</protocoltool>\n<pid>17</pid>\n";

const std::string invalid_read = R"(<error>
  <unique>0x0</unique>
  <tid>1</tid>
  <kind>InvalidRead</kind>
  <what>Invalid read of size 1</what>
  <stack>
    <frame>
      <ip>0x1091EE</ip>
      <obj>/a folder/prog</obj>
      <fn>work(int&amp;)</fn>
      <dir>/a folder</dir>
      <file>prog.cpp</file>
      <line>5</line>
    </frame>
    <frame>
      <ip>0x4A2B</ip>
      <obj>/lib/libx.so</obj>
    </frame>
  </stack>
  <auxwhat>Address 0x4a46091 is 1 bytes inside a block of size 5 free'd</auxwhat>
  <stack>
    <frame>
      <ip>0x484417B</ip>
      <obj>/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so</obj>
      <fn>free</fn>
    </frame>
  </stack>
</error>
)";

const std::string lost = R"(<error>
  <unique>0x1</unique>
  <kind>Leak_DefinitelyLost</kind>
  <xwhat>
    <text>72 (64 direct, 8 indirect) bytes in 2 blocks are definitely lost in loss record 3</text>
    <leakedbytes>72</leakedbytes>
    <leakedblocks>2</leakedblocks>
  </xwhat>
  <stack>
    <frame>
      <ip>0x48417B4</ip>
      <obj>/usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so</obj>
      <fn>malloc</fn>
    </frame>
    <frame>
      <ip>0x1091BA</ip>
      <obj>/a folder/prog</obj>
      <fn>main</fn>
    </frame>
  </stack>
</error>
)";

TEST_CASE("memcheck's XML is read error by error, without memcheck's own frames") {
  const MemoryLook look =
      inject::read_memcheck_xml(beginning + invalid_read + lost + "</valgrindoutput>\n");
  CHECK(look.failure.empty());
  REQUIRE(look.errors.size() == 2);
  CHECK(look.errors[0].kind == "InvalidRead");
  CHECK(look.errors[0].what == "Invalid read of size 1: 1 bytes inside a block of size 5 free'd");
  CHECK(look.errors[0].stack ==
        std::vector<inject::CodePlace>{{"/a folder/prog", 0x1091ee, "work(int&)", "prog.cpp", 5},
                                       {"/lib/libx.so", 0x4a2b, "", "", 0}});
  CHECK(look.errors[1].what == "72 bytes in 2 blocks lost");
  CHECK(look.errors[1].bytes == 72);
  CHECK(look.errors[1].blocks == 2);
  CHECK(look.errors[1].stack.at(0).function == "main");
  CHECK(look.fatal_stack.empty());
}

TEST_CASE("what libunwind tries to read is no error, and what others write is") {
  for (const auto& [object, errors] :
       {std::pair("/lib/libunwind.so.8.0.1", 0), std::pair("/lib/libx.so", 1)}) {
    const std::string stack = fmt::format(
        "<stack><frame><ip>0x1</ip><obj>/lib/libc.so.6</obj><fn>syscall</fn></frame>"
        "<frame><ip>0x2</ip><obj>{}</obj></frame></stack>",
        object);
    const std::string error =
        "<error><kind>SyscallParam</kind><what>Syscall param write(buf) points to unaddressable "
        "byte(s)</what>" +
        stack + "</error>";
    const MemoryLook look = inject::read_memcheck_xml(beginning + error + "</valgrindoutput>");
    CAPTURE(object, look.failure);
    CHECK(look.errors.size() == static_cast<std::size_t>(errors));
  }
}

TEST_CASE("the XML of a process that was killed counts up to its last whole error") {
  const std::string half = invalid_read.substr(0, invalid_read.size() / 2);
  CHECK(inject::read_memcheck_xml(beginning + invalid_read + half).errors.size() == 1);
  const MemoryLook nothing = inject::read_memcheck_xml(beginning + half);
  CHECK(nothing.errors.empty());
  CHECK(nothing.failure.empty());
}

TEST_CASE("XML that is none says so") {
  CHECK_THAT(inject::read_memcheck_xml("<a></b></valgrindoutput>").failure,
             ContainsSubstring("cannot be read"));
}

TEST_CASE("the stack at which a signal killed the process is read") {
  const MemoryLook look = inject::read_memcheck_xml(
      beginning + "<fatal_signal><tid>1</tid><signo>11</signo><signame>SIGSEGV</signame><stack>" +
      "<frame><ip>0x10</ip><obj>/prog</obj><fn>die</fn></frame></stack></fatal_signal>" +
      "</valgrindoutput>");
  REQUIRE(look.fatal_stack.size() == 1);
  CHECK(look.fatal_stack[0].function == "die");
}

TEST_CASE("memcheck's text is found among the program's lines") {
  const MemoryLook look = inject::read_memcheck_text(
      "no thread\n"
      "==17== Thread 2 worker:\n"
      "==17== Invalid write of size 4\n"
      "==17==    at 0x109199: refuse(Job*) (heap.cpp:12)\n"
      "a line of the program\n"
      "==17==    by 0x10922E: ??? (in /usr/bin/prog)\n"
      "==17==  Address 0x4a48040 is 0 bytes after a block of size 64 alloc'd\n"
      "==17==    at 0x48417B4: malloc (vg_replace_malloc.c:381)\n"
      "==17==    by 0x10922E: main (heap.cpp:16)\n"
      "==17== \n"
      "==17== 1,064 (64 direct, 1,000 indirect) bytes in 2 blocks are definitely lost in loss "
      "record 2 of 2\n"
      "==17==    at 0x48417B4: malloc (vg_replace_malloc.c:381)\n"
      "==17==    by 0x10922E: main (heap.cpp:16)\n"
      "==17== \n"
      "==17== 8 bytes in 1 blocks are possibly lost in loss record 1 of 2\n"
      "==17==    at 0x48417B4: malloc (vg_replace_malloc.c:381)\n");
  REQUIRE(look.errors.size() == 2);
  CHECK(look.errors[0].kind == "InvalidWrite");
  CHECK(look.errors[0].what == "Invalid write of size 4");
  CHECK(look.errors[0].stack ==
        std::vector<inject::CodePlace>{{"", 0x109199, "refuse(Job*)", "heap.cpp", 12},
                                       {"/usr/bin/prog", 0x10922e, "", "", 0}});
  CHECK(look.errors[1].bytes == 1064);
  CHECK(look.errors[1].blocks == 2);
  CHECK(look.errors[1].stack ==
        std::vector<inject::CodePlace>{{"", 0x10922e, "main", "heap.cpp", 16}});
}

TEST_CASE("other lines of Valgrind, and words of a program, are no errors of memory") {
  const std::string text = GENERATE(
      // A summary, a signal, another tool, a program that talks like memcheck.
      "==17== HEAP SUMMARY:\n==17==     in use at exit: 0 bytes in 0 blocks\n",
      "==17== Process terminating with default action of signal 11 (SIGSEGV)\n"
      "==17==  Access not within mapped region at address 0x0\n"
      "==17==    at 0x109199: main (heap.cpp:12)\n",
      "==17== Thread #2 was created\n==17==    at 0x498D1C3: clone (clone.S:76)\n",
      "Invalid read of size 4\n   at 0x1: main (heap.cpp:1)\n", "==17== Invalid read of size 4\n");
  CHECK(inject::read_memcheck_text(text).errors.empty());
}

}  // namespace
}  // namespace heddle::tests
