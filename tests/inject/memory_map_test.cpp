#include "shim/memory_map.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <vector>

namespace heddle::inject {
namespace {

struct Mapped {
  explicit Mapped(int protection, int sharing)
      : address(mmap(nullptr, kSize, protection, sharing | MAP_ANONYMOUS, -1, 0)) {
    REQUIRE(address != MAP_FAILED);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { munmap(address, kSize); }

  static constexpr std::size_t kSize = 12288;  // three pages
  void* address;
};

/// Of the mapping that the address lies in.
MemoryMapping found_at(const std::vector<MemoryMapping>& mappings, const void* address) {
  const auto wanted = std::bit_cast<uintptr_t>(address);
  const auto found = std::ranges::find_if(mappings, [&](const MemoryMapping& mapping) {
    return mapping.start <= wanted && wanted < mapping.end;
  });
  REQUIRE(found != mappings.end());
  return *found;
}

class Maps {
 public:
  Maps() : descriptor_(open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) { REQUIRE(descriptor_ >= 0); }
  Maps(const Maps&) = delete;
  Maps& operator=(const Maps&) = delete;
  ~Maps() { raw_system_call(SYS_close, descriptor_); }

  std::vector<MemoryMapping> by_text() const {
    std::vector<MemoryMapping> mappings;
    mappings.reserve(kMany);
    REQUIRE(MemoryMapText::for_each(descriptor_, [&](const MemoryMapping& mapping) {
      mappings.push_back(mapping);
      return mapping.end;
    }));
    return mappings;
  }

  std::vector<MemoryMapping> by_query() const {
    std::vector<MemoryMapping> mappings;
    mappings.reserve(kMany);
    MemoryMapQuery query(descriptor_);
    for (MemoryMapping mapping = query.next(0); mapping.end != 0;
         mapping = query.next(mapping.end)) {
      mappings.push_back(mapping);
    }
    return mappings;
  }

 private:
  static constexpr std::size_t kMany = 1000;  // so that reading the mappings changes none

  int descriptor_;
};

TEST_CASE("what the text of the memory map says, and what the kernel answers, is the same") {
  const Mapped anonymous(PROT_READ | PROT_WRITE, MAP_PRIVATE);
  const Mapped read_only(PROT_READ, MAP_PRIVATE);
  const Mapped guard(PROT_NONE, MAP_PRIVATE);
  const Mapped shared(PROT_READ | PROT_WRITE, MAP_SHARED);
  const Maps maps;
  const auto text = maps.by_text();
  for (const auto* wanted : {&anonymous, &read_only, &guard, &shared}) {
    const MemoryMapping mapping = found_at(text, wanted->address);
    CHECK(mapping.accessible == (wanted != &guard));
    CHECK(mapping.anonymous == (wanted != &shared));
  }
  int on_stack = 0;
  CHECK_FALSE(found_at(text, &on_stack).anonymous);
  const auto answers = maps.by_query();
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
  }
  CHECK(found_at(answers, anonymous.address).anonymous);
}

}  // namespace
}  // namespace heddle::inject
