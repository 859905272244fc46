#include "leak_checker.hpp"

#include <dlfcn.h>

#include <string_view>

namespace heddle::inject {

constinit const Module* leak_checker = nullptr;

void find_leak_checker() {
  // AddressSanitizer's library has the function as well, and programs that link the run time.
  const Module* const module = find_module(dlsym(RTLD_DEFAULT, "__lsan_do_leak_check"));
  if (module != nullptr && std::string_view(module->file_name()).starts_with("liblsan.so")) {
    leak_checker = module;
  }
}

}  // namespace heddle::inject
