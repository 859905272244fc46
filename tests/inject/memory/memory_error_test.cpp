#include <cstdint>

#include "memory/memory_error.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

inject::MemoryError leak_of(std::uint64_t bytes) {
  return {"Leak_DefinitelyLost", "", bytes, 1, {{"p", 1}, {"p", 2}, {"p", 3}, {"p", 4}, {"p", 5}}};
}

TEST_CASE("an error's place does not depend on its size, and on outer frames only to a depth") {
  const inject::MemoryError leak = leak_of(64);
  inject::MemoryError other = leak_of(1);
  other.stack[4].address = 6;
  CHECK(place_of(leak) == place_of(other));
  other.stack[3].address = 6;
  CHECK(place_of(leak) != place_of(other));
  other = leak_of(64);
  other.kind = "InvalidRead";
  CHECK(place_of(leak) != place_of(other));
}

TEST_CASE("a function that is known by name is the same wherever its library was loaded") {
  inject::MemoryError error{"InvalidRead", "", 0, 0, {{"lib.so", 0x1000, "work", "work.c", 7}}};
  const std::string place = place_of(error);
  error.stack[0].address = 0x2000;
  CHECK(place_of(error) == place);
  error.stack[0].line = 8;
  CHECK(place_of(error) != place);
}

TEST_CASE("amounts are added up") {
  CHECK(inject::describe_amount({leak_of(1)}) == "1 byte in 1 block");
  CHECK(inject::describe_amount({leak_of(128), leak_of(8)}) == "136 bytes in 2 blocks");
}

}  // namespace
}  // namespace heddle::tests
