// Closing a shared object while threads have values of its thread locals.
#include <dlfcn.h>

#include <thread>

#include "support/catch.hpp"

namespace {

bool is_loaded() {
  void* const again = dlopen(HEDDLE_UNLOADED_OBJECT, RTLD_NOW | RTLD_NOLOAD);
  return again != nullptr && dlclose(again) == 0;
}

}  // namespace

TEST_CASE("a shared object stays until the destructors of its thread locals have run") {
  bool died = false;
  std::thread([&] {
    void* const object = dlopen(HEDDLE_UNLOADED_OBJECT, RTLD_NOW);
    REQUIRE(object != nullptr);
    reinterpret_cast<void (*)(bool*)>(dlsym(object, "have_value"))(&died);
    REQUIRE(dlclose(object) == 0);
    CHECK(is_loaded());
    CHECK_FALSE(died);
  }).join();
  CHECK(died);
  static_cast<void>(is_loaded());  // libc unloads it at the next close of it
  CHECK_FALSE(is_loaded());        // or it would have stayed in any case
}
