// The registers from which libunwind begins: the only code of the runtime that depends on the
// processor.
#pragma once

#include <dlfcn.h>
#define UNW_LOCAL_ONLY
#include <libunwind.h>

#define HEDDLE_QUOTED(symbol) #symbol
#define HEDDLE_NAME_OF(symbol) HEDDLE_QUOTED(symbol)

namespace heddle::sys {

/// Reads the registers of the function into which it is inlined. That function walks the stack
/// before it returns.
class FirstRegisters {
 public:
#if defined(__x86_64__)
  /// Finds libunwind's function in the loaded library; false if it is not there.
  bool find_in(void* library) {
    read_ =
        reinterpret_cast<decltype(read_)>(::dlsym(library, HEDDLE_NAME_OF(unw_tdep_getcontext)));
    return read_ != nullptr;
  }
  /// Returns 0, or an error of libunwind's.
  [[gnu::always_inline]] int read(unw_context_t& context) const {
    return read_(&context);
  }

 private:
  decltype(&unw_tdep_getcontext) read_ = nullptr;
#elif defined(__aarch64__)
  // libunwind.h has instructions in place of a function.
  bool find_in(void* /*library*/) {
    return true;
  }
  [[gnu::always_inline]] int read(unw_context_t& context) const {
    return unw_tdep_getcontext(&context);
  }
#else
#error "the runtime does not know how libunwind reads this processor's registers"
#endif
};

}  // namespace heddle::sys
