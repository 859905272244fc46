#include "sys/call_stack.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <array>
#include <cstdlib>
#include <memory>

#include "sys/first_registers.hpp"

namespace heddle::sys {
namespace {

// libunwind's functions. libunwind.h defines these names as macros for the symbols beside them.
struct Unwinder {
  FirstRegisters first_registers;
  decltype(&unw_init_local) init_local;
  decltype(&unw_step) step;
  decltype(&unw_get_reg) get_register;
  decltype(&unw_get_proc_name) get_function_name;
};

template <class Function>
bool look_up(void* library, const char* symbol, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, symbol));
  return function != nullptr;
}

// Loads libunwind. It is never unloaded: a thread may be running in it.
Result<Unwinder, std::string> load_unwinder() {
  void* const library = ::dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
  Unwinder unwinder{};
  if (library == nullptr || !unwinder.first_registers.find_in(library) ||
      !look_up(library, HEDDLE_NAME_OF(unw_init_local), unwinder.init_local) ||
      !look_up(library, HEDDLE_NAME_OF(unw_step), unwinder.step) ||
      !look_up(library, HEDDLE_NAME_OF(unw_get_reg), unwinder.get_register) ||
      !look_up(library, HEDDLE_NAME_OF(unw_get_proc_name), unwinder.get_function_name)) {
    return std::string(::dlerror());
  }
  return unwinder;
}

std::string demangled(const char* symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol, nullptr, nullptr, &status), &std::free);
  return name ? name.get() : symbol;  // a C function's name cannot be demangled
}

StackFrame frame_at(const Unwinder& unwinder, unw_cursor_t& cursor) {
  StackFrame frame{};
  unw_word_t address = 0;
  if (unwinder.get_register(&cursor, UNW_REG_IP, &address) == 0) {
    frame.address = address;
  }
  std::array<char, 2048> symbol{};
  unw_word_t offset = 0;
  const int error = unwinder.get_function_name(&cursor, symbol.data(), symbol.size(), &offset);
  if (error == 0 || error == -UNW_ENOMEM) {  // ENOMEM: the name was cut to the room there is
    frame.function = demangled(symbol.data());
    frame.offset = offset;
  }
  return frame;
}

}  // namespace

Result<std::vector<StackFrame>, std::string> call_stack() {
  static auto* const loaded = new auto(load_unwinder());
  if (!*loaded) {
    return std::string(loaded->error());
  }
  const Unwinder& unwinder = loaded->value();
  unw_context_t context{};
  unw_cursor_t cursor{};
  if (unwinder.first_registers.read(context) != 0 || unwinder.init_local(&cursor, &context) != 0) {
    return std::string("libunwind does not find a first frame");
  }
  std::vector<StackFrame> frames;
  // A negative answer is an unknown frame: the stack is shown up to there.
  do {
    frames.push_back(frame_at(unwinder, cursor));
  } while (unwinder.step(&cursor) > 0);
  return frames;
}

}  // namespace heddle::sys
