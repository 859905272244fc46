// hides_threads: makes a thread in a way that passes the shim by. `hides_threads handle` looks
// pthread_create up in libc itself; `hides_threads deepbind LIBRARY` has the library bind to libc
// before all that is preloaded; `hides_threads namespace LIBRARY` loads it into a namespace of its
// own, with a libc of its own. Prints the error, 0 for none.
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include <cstdio>
#include <string_view>

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

int by_library(void* library) {
  return reinterpret_cast<int (*)()>(dlsym(library, "make_thread"))();
}

}  // namespace

int main(int /*argument_count*/, char** arguments) {
  const std::string_view way = arguments[1];
  int error = 0;
  if (way == "handle") {
    error = by_handle();
  } else if (way == "deepbind") {
    error = by_library(dlopen(arguments[2], RTLD_NOW | RTLD_DEEPBIND));
  } else {
    error = by_library(dlmopen(LM_ID_NEWLM, arguments[2], RTLD_NOW));
  }
  std::printf("%d\n", error);
}
