#include "heddle/panic/unwinding.hpp"

#include <cxxabi.h>

#include <string>
#include <utility>

#include "heddle/sys/fatal.hpp"
#include "panic/panic_count.hpp"

namespace heddle::panic::detail {

Unwinding::~Unwinding() {
  if (payload_ != nullptr) {
    sys::fatal("a panic ended in a catch clause: rethrow it, or use catch_unwind");
  }
}

Payload Unwinding::take() noexcept {
  if (&count_ != &panic_count()) {
    // Where it began, the thread would count as panicking for ever.
    sys::fatal("a panic was rethrown on another thread than it began on");
  }
  count_.unwinding -= 1;
  return Payload::from_raw(std::exchange(payload_, nullptr));
}

void abort_for_exception(const char* what) noexcept {
  sys::fatal(std::string("catch_unwind met an exception that is not a panic: ") + what);
}

#ifdef __GLIBCXX__
// A forced unwind has no exception object, so that the reference to it is null for UBSan.
__attribute__((no_sanitize("null"))) void pass_on_or_abort() {
  try {
    throw;
  } catch (abi::__forced_unwind&) {
    // The thread is on its way out for good; libc aborts whoever stops it.
    throw;
  } catch (...) {
    abort_for_exception("it is of a type of its own");
  }
}
#endif

}  // namespace heddle::panic::detail
