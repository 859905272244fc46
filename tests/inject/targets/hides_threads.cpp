// hides_threads: makes a thread in a way that passes the shim by. `hides_threads handle` looks
// pthread_create up in libc itself; `hides_threads deepbind LIBRARY` has the library bind to libc
// before all that is preloaded. Prints the error, 0 for none.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include <cstdio>
#include <cstring>

namespace {

void* yield(void*) {
  sched_yield();
  return nullptr;
}

int by_handle() {
  void* const libc = dlopen("libc.so.6", RTLD_LAZY);
  const auto create = reinterpret_cast<decltype(&pthread_create)>(dlsym(libc, "pthread_create"));
  pthread_t thread{};
  const int error = create(&thread, nullptr, &yield, nullptr);
  return error == 0 ? pthread_join(thread, nullptr) : error;
}

int by_library(const char* path) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_DEEPBIND);
  return reinterpret_cast<int (*)()>(dlsym(library, "make_thread"))();
}

}  // namespace

int main(int /*argument_count*/, char** arguments) {
  std::printf("%d\n",
              std::strcmp(arguments[1], "handle") == 0 ? by_handle() : by_library(arguments[2]));
}
