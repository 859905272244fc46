#include "interposed_thread.hpp"

#include <dlfcn.h>
#include <link.h>

#include <bit>
#include <cstdint>

namespace heddle::inject {
namespace {

/// The bounds of the interceptor's code; both 0 without an interceptor.
constinit std::uintptr_t interceptor_begin = 0;
constinit std::uintptr_t interceptor_end = 0;

}  // namespace

bool is_sanitizers_own_thread(const void* return_address) {
  const auto address = std::bit_cast<std::uintptr_t>(return_address);
  return interceptor_begin != interceptor_end &&
         (address < interceptor_begin || address > interceptor_end);
}

void set_up_interposed_threads() {
  const void* const first = dlsym(RTLD_DEFAULT, "pthread_create");
  // From clang 17 on, pthread_create itself only jumps to the interceptor.
  const void* const interceptor = dlsym(RTLD_DEFAULT, "__interceptor_pthread_create");
  if (dlsym(RTLD_DEFAULT, "__tsan_init") == nullptr || first == nullptr || interceptor == nullptr) {
    return;
  }
  Dl_info object;
  Dl_info own_object;
  if (dladdr(first, &object) == 0 ||
      dladdr(reinterpret_cast<const void*>(&set_up_interposed_threads), &own_object) == 0 ||
      own_object.dli_fbase == object.dli_fbase) {
    return;  // no interceptor comes before the shim; gcc's comes behind it
  }
  void* symbol = nullptr;
  if (dladdr1(interceptor, &object, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr) {
    return;
  }
  interceptor_begin = std::bit_cast<std::uintptr_t>(interceptor);
  interceptor_end = interceptor_begin + static_cast<const ElfW(Sym)*>(symbol)->st_size;
}

}  // namespace heddle::inject
