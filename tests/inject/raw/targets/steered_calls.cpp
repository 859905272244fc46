// Calls that rules are aimed at, and the switch that lets a thread's own calls pass.
#include <dlfcn.h>
#include <heddle/inject_control.h>
#include <pthread.h>
#include <sys/syscall.h>

#include <cstdint>
#include <thread>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

template <typename Function>
Function function_of_shim(const char* name) {
  void* const symbol = dlsym(RTLD_DEFAULT, name);
  REQUIRE_THAT(symbol != nullptr);
  return reinterpret_cast<Function>(symbol);
}

void* do_nothing(void* /*argument*/) {
  return nullptr;
}

}  // namespace

int pass_through() {
  const auto find =
      function_of_shim<heddle_inject_pass_through_function>(HEDDLE_INJECT_PASS_THROUGH_SYMBOL);
  std::uint32_t* const passes = find();
  static_cast<void>(inline_system_call(SYS_getppid));
  *passes = 1;
  static_cast<void>(inline_system_call(SYS_getppid));
  *passes = 0;
  static_cast<void>(inline_system_call(SYS_getppid));
  return 0;
}

int create_thread() {
  pthread_t thread{};
  const int error = pthread_create(&thread, nullptr, do_nothing, nullptr);
  std::printf("%d\n", error);
  return error == 0 ? pthread_join(thread, nullptr) : 0;
}

/// The mutex is held until rule 0 has looked at a wait for it.
int wait_for_mutex() {
  const auto find = function_of_shim<heddle_inject_control_function>(HEDDLE_INJECT_CONTROL_SYMBOL);
  const heddle_inject_control* const control = find();
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  REQUIRE_THAT(pthread_mutex_lock(&mutex) == 0);
  int locked = -1;
  std::thread waiter([&] {
    locked = pthread_mutex_lock(&mutex);
    static_cast<void>(pthread_mutex_unlock(&mutex));
  });
  while (heddle_inject_reached(control, 0) == 0) {
    std::this_thread::yield();
  }
  REQUIRE_THAT(pthread_mutex_unlock(&mutex) == 0);
  waiter.join();
  std::printf("%d\n", locked);
  return 0;
}

}  // namespace heddle::tests
