// A shared object with a thread local, to be closed while a thread still has its value.
#include <heddle/thread.hpp>

namespace {

// Tells its owner, who outlives the object, that it has died.
struct Reports {
  explicit Reports(bool* its_flag) noexcept : died(its_flag) {}
  Reports(const Reports&) = delete;
  Reports& operator=(const Reports&) = delete;
  ~Reports() {
    if (died != nullptr) {
      *died = true;
    }
  }
  bool* died;
};

HEDDLE_THREAD_LOCAL_CONST(VALUE, Reports(nullptr));

}  // namespace

extern "C" __attribute__((visibility("default"))) void have_value(bool* died) {
  VALUE.with([=](Reports& value) { value.died = died; });
}
