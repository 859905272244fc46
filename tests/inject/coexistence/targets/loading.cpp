// A library that comes and goes, and descriptors that go.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "../../targets/performed_call.hpp"
#include "scenario.hpp"

namespace heddle::tests {

int load_and_unload() {
  for (int round = 0; round < 20; ++round) {
    void* const library = dlopen(LOADED_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      std::puts(dlerror());
      return 1;
    }
    reinterpret_cast<void (*)()>(dlsym(library, "call_from_library"))();
    dlclose(library);
    std::printf("unloaded: %d\n", dlopen(LOADED_LIBRARY, RTLD_NOW | RTLD_NOLOAD) == nullptr);
  }
  return 6;
}

// There is no place left to print to, so the status says how far it went.
int close_all_descriptors() {
  close_range(0, ~0U, 0);
  if (open("/dev/null", O_RDWR) != 0 || dup(0) != 1 || dup(0) != 2) {
    return 1;
  }
  int error = 0;
  std::thread([&error] { error = perform("mmap"); }).join();
  return error != 0 || perform("sigaltstack") != 0 ? 2 : 7;
}

}  // namespace heddle::tests
