#include "leak_checker.hpp"

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include <cerrno>
#include <string_view>

#include "exported.hpp"
#include "next_definitions.hpp"
#include "raw_system_call.hpp"

namespace heddle::inject {

constinit const Module* leak_checker = nullptr;

namespace {

/// Of <sanitizer/lsan_interface.h>. What is unmapped later is passed over when the library looks.
using RegisterRootRegion = void (*)(const void* memory, std::size_t size);
constinit RegisterRootRegion register_root_region = nullptr;

}  // namespace

void find_leak_checker() {
  // AddressSanitizer's library has the function as well, and programs that link the run time.
  const Module* const module = find_module(dlsym(RTLD_DEFAULT, "__lsan_do_leak_check"));
  if (module != nullptr && std::string_view(module->file_name()).starts_with("liblsan.so")) {
    register_root_region =
        reinterpret_cast<RegisterRootRegion>(dlsym(RTLD_DEFAULT, "__lsan_register_root_region"));
    leak_checker = module;
  }
}

void look_in_mapping(const void* caller, void* memory, std::size_t size, int protection) {
  constexpr int readable_and_writable = PROT_READ | PROT_WRITE;
  if (register_root_region != nullptr && memory != MAP_FAILED &&
      (protection & readable_and_writable) == readable_and_writable &&
      look_up(caller).module != leak_checker) {
    const int error = errno;
    register_root_region(memory, size);
    errno = error;
  }
}

}  // namespace heddle::inject

// Passed on as it is. Programs that share memory between their processes keep pointers there.
HEDDLE_INJECT_EXPORTED void* shmat(int segment, const void* address, int flags) noexcept {
  void* const memory = heddle::inject::next_definitions.shmat(segment, address, flags);
  shmid_ds state{};
  if (heddle::inject::leak_checker != nullptr &&
      heddle::inject::raw_system_call(SYS_shmctl, segment, IPC_STAT, &state) == 0) {
    heddle::inject::look_in_mapping(__builtin_return_address(0), memory, state.shm_segsz,
                                    (flags & SHM_RDONLY) != 0 ? PROT_READ : PROT_READ | PROT_WRITE);
  }
  return memory;
}
