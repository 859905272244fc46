#include "memory/own_sanitizer.hpp"

#include <catch2/catch.hpp>

namespace heddle::tests {
namespace {

TEST_CASE("a program has a sanitizer if its loader has to do with one") {
  CHECK(inject::own_sanitizer(SANITIZED_ADDRESS) == "AddressSanitizer");
  CHECK(inject::own_sanitizer(SANITIZED_LEAK) == "LeakSanitizer");
  CHECK(inject::own_sanitizer(SANITIZED_THREAD) == "ThreadSanitizer");
}

TEST_CASE("a program that only speaks of sanitizers has none, nor has a file that is no program") {
  CHECK(inject::own_sanitizer(HEDDLE_INJECT_PROGRAM).empty());
  CHECK(inject::own_sanitizer(INJECT_DOCS "/memory.md").empty());
  CHECK(inject::own_sanitizer("/nowhere").empty());
}

}  // namespace
}  // namespace heddle::tests
