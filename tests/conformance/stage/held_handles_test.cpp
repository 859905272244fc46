#include "stage/held_handles.hpp"
#include "support/catch.hpp"

namespace heddle::conformance {
namespace {

TEST_CASE("handles that come back leave room for others") {
  int handle = 0;
  for (int time = 0; time < 100'000; ++time) {
    hold_handle(&handle);
    hold_handle(&handle);
    release_handle(&handle);
    release_handle(&handle);
    hold_handle(nullptr);
    release_handle(nullptr);
  }
  CHECK(all_handles_are_held());
}

TEST_CASE("a handle for which there is no room is not forgotten in silence") {
  int handle = 0;
  for (int time = 0; time < 100'000; ++time) {
    hold_handle(&handle);
  }
  CHECK_FALSE(all_handles_are_held());
}

}  // namespace
}  // namespace heddle::conformance
