#include "heddle/panic/unwinding.hpp"

#include <cxxabi.h>

#include <exception>
#include <string>
#include <utility>

#include "heddle/sys/fatal.hpp"
#include "panic/panic_count.hpp"

namespace heddle::panic::detail {

#ifdef _LIBCPP_VERSION
namespace {
// libc++ makes a key of the system for the first exception, and aborts if there is none left. This
// call has the key made at the start, long before a panic has to report that there are no keys.
[[maybe_unused]] const int makes_the_key = std::uncaught_exceptions();
}  // namespace
#endif

Unwinding::~Unwinding() {
  if (payload_ != nullptr) {
    sys::fatal("a panic ended in a catch clause: rethrow it, or use catch_unwind");
  }
}

Payload Unwinding::take() noexcept {
  if (&count_ != &panic_count()) {
    // The thread on which it began would count as panicking for ever.
    sys::fatal("a panic was rethrown on another thread than it began on");
  }
  count_.unwinding -= 1;
  return Payload::from_raw(std::exchange(payload_, nullptr));
}

void abort_for_exception(const char* what) noexcept {
  sys::fatal(std::string("catch_unwind met an exception that is not a panic: ") + what);
}

#ifdef __GLIBCXX__
// A forced unwind has no exception object: its reference is null, and UBSan would report that.
__attribute__((no_sanitize("null"))) void pass_on_or_abort() {
  try {
    throw;
  } catch (abi::__forced_unwind&) {
    // A forced unwind ends the thread; libc aborts the process if a catch clause stops it.
    throw;
  } catch (...) {
    abort_for_exception("it is of a type of its own");
  }
}
#endif

}  // namespace heddle::panic::detail
