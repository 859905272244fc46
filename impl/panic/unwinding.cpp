// The exception that a panic is: thrown, caught and told from others only here.
#include <cxxabi.h>

#include <exception>
#include <string>
#include <utility>

#include "heddle/panic/catch_unwind.hpp"
#include "heddle/panic/panic.hpp"
#include "heddle/sys/fatal.hpp"
#include "panic/panic_count.hpp"
#include "panic/throw_payload.hpp"

namespace heddle::panic {
namespace {

class Unwinding {
 public:
  explicit Unwinding(Payload payload) { payload_.emplace(std::move(payload)); }
  Unwinding(const Unwinding&) = delete;
  Unwinding& operator=(const Unwinding&) = delete;
  // Runs when a catch clause has ended without rethrowing. If that was not ours, the thread counts
  // as panicking for ever, and whoever waits for its payload waits in vain.
  ~Unwinding() noexcept {
    if (payload_) {
      sys::fatal("a panic ended in a catch clause: rethrow it, or use catch_unwind");
    }
  }

  Payload take() { return payload_.take(); }

 private:
  Slot<Payload> payload_;
};

}  // namespace

void throw_payload(Payload payload) {
  throw Unwinding(std::move(payload));
}

void resume_unwind(Payload payload) {
  panic_count().unwinding += 1;
  throw_payload(std::move(payload));
}

namespace detail {

// The payload is moved out rather than rethrown later: an exception_ptr would double the cost.
// A forced unwind has no exception object, so that the reference to it is null for UBSan.
__attribute__((no_sanitize("null"))) Slot<Payload> catch_panic(void (*function)(void*),
                                                               void* argument) {
  try {
    function(argument);
    return {};
  } catch (Unwinding& unwinding) {
    panic_count().unwinding -= 1;
    return Slot<Payload>(unwinding.take());
  } catch (abi::__forced_unwind&) {
    // The thread is on its way out for good; libc aborts whoever stops it.
    throw;
  } catch (const std::exception& foreign) {
    sys::fatal(std::string("catch_unwind met an exception that is not a panic: ") + foreign.what());
  } catch (...) {
    sys::fatal("catch_unwind met an exception that is not a panic");
  }
}

}  // namespace detail
}  // namespace heddle::panic
