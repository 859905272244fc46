#include "shim/memory_map.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace heddle::inject {
namespace {

struct Mapped {
  /// Of a file if there is one, which it closes.
  Mapped(int protection, int sharing, int file = -1)
      : address(
            mmap(nullptr, size, protection, sharing | (file < 0 ? MAP_ANONYMOUS : 0), file, 0)) {
    REQUIRE(address != MAP_FAILED);
    close(file);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { munmap(address, size); }

  static constexpr std::size_t size = 12288;  // three pages
  void* address;
};

/// Of the mapping that the address lies in.
MemoryMapping found_at(const std::vector<MemoryMapping>& mappings, const void* address) {
  const auto wanted = std::bit_cast<std::uintptr_t>(address);
  const auto found = std::ranges::find_if(mappings, [&](const MemoryMapping& mapping) {
    return mapping.start <= wanted && wanted < mapping.end;
  });
  REQUIRE(found != mappings.end());
  return *found;
}

/// The mappings by both ways, without a change of them in between: nothing is allocated meanwhile.
class Maps {
 public:
  Maps() {
    constexpr std::size_t many = 1000;
    by_text.reserve(many);
    by_query.reserve(many);
    const int descriptor = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    const bool has_text = MemoryMapText::for_each(descriptor, [&](const MemoryMapping& mapping) {
      by_text.push_back(mapping);
      return mapping.end;
    });
    MemoryMapQuery query(descriptor);
    for (MemoryMapping mapping = query.next(0); mapping.end != 0;
         mapping = query.next(mapping.end)) {
      by_query.push_back(mapping);
    }
    raw_system_call(SYS_close, descriptor);
    REQUIRE(has_text);
    REQUIRE(by_text.size() < many);
  }

  std::vector<MemoryMapping> by_text;
  std::vector<MemoryMapping> by_query;  // empty where the kernel answers no query about a mapping
};

TEST_CASE("what the text of the memory map says, and what the kernel answers, is the same") {
  const Mapped anonymous(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  const Mapped read_only(PROT_READ, MAP_PRIVATE);
  const Mapped guard(PROT_NONE, MAP_PRIVATE);
  const Mapped shared(PROT_READ | PROT_WRITE, MAP_SHARED);
  // The longest name that memfd_create(2) takes.
  const Mapped file(PROT_READ, MAP_SHARED,
                    memfd_create(std::string(249, 'n').c_str(), MFD_CLOEXEC));
  const Maps maps;
  const auto& text = maps.by_text;
  for (const auto* wanted : {&anonymous, &read_only, &guard, &shared}) {
    const MemoryMapping mapping = found_at(text, wanted->address);
    CHECK(mapping.accessible == (wanted != &guard));
    CHECK(mapping.anonymous == (wanted != &shared));
    CHECK(mapping.shared == (wanted == &shared));
  }
  CHECK(found_at(text, file.address).shared);
  int on_stack = 0;
  CHECK_FALSE(found_at(text, &on_stack).anonymous);
  const auto& answers = maps.by_query;
  if (answers.empty()) {
    WARN("this kernel answers no query about a mapping");
    return;
  }
  // The text has one more, a page of the kernel's own, which is no mapping.
  REQUIRE(answers.size() <= text.size());
  for (const MemoryMapping& answer : answers) {
    const MemoryMapping mapping = found_at(text, std::bit_cast<const void*>(answer.start));
    CHECK(answer.start == mapping.start);
    CHECK(answer.end == mapping.end);
    CHECK(answer.accessible == mapping.accessible);
    CHECK(answer.anonymous == mapping.anonymous);
    CHECK(answer.shared == mapping.shared);
  }
  CHECK(found_at(answers, anonymous.address).anonymous);
}

}  // namespace
}  // namespace heddle::inject
