#include "scripted_calls.hpp"

#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

namespace heddle::tests {
namespace {

constinit thread_local Script* current_script = nullptr;

// How a call ended that was not made; nothing if it has to be made.
bool scripted(const char* name, unsigned long argument, int& error) {
  Script* const script = current_script;
  if (script == nullptr) {
    return false;
  }
  current_script = nullptr;  // what the script itself calls is nobody's business
  const bool answered = script->take_answer(name, argument, error);
  current_script = script;
  return answered;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

Script::Script() {
  current_script = this;
}

Script::~Script() {
  current_script = nullptr;
}

Script& Script::answer(const std::string& name, int error) {
  answers_[name].push_back({false, error, {}});
  return *this;
}

Script& Script::answer_after(const std::string& name, std::function<void()> meanwhile) {
  answers_[name].push_back({false, 0, std::move(meanwhile)});
  return *this;
}

Script& Script::pass(const std::string& name) {
  answers_[name].push_back({true, 0, {}});
  return *this;
}

bool Script::take_answer(const std::string& name, unsigned long argument, int& error) {
  calls_[name].push_back(argument);
  auto& left = answers_[name];
  if (left.empty()) {
    return false;
  }
  const Answer answer = std::move(left.front());
  left.erase(left.begin());
  if (answer.meanwhile) {
    current_script = this;  // what happens meanwhile is the runtime's doing
    answer.meanwhile();
    current_script = nullptr;
  }
  error = answer.error;
  return !answer.made;
}

}  // namespace heddle::tests

using heddle::tests::next;
using heddle::tests::scripted;

extern "C" {

int pthread_attr_init(pthread_attr_t* attributes) noexcept {
  int error = 0;
  return scripted("pthread_attr_init", 0, error)
             ? error
             : next<int(pthread_attr_t*)>("pthread_attr_init")(attributes);
}

int pthread_attr_destroy(pthread_attr_t* attributes) noexcept {
  int error = 0;
  return scripted("pthread_attr_destroy", 0, error)
             ? error
             : next<int(pthread_attr_t*)>("pthread_attr_destroy")(attributes);
}

int pthread_attr_setstacksize(pthread_attr_t* attributes, std::size_t size) noexcept {
  int error = 0;
  return scripted("pthread_attr_setstacksize", size, error)
             ? error
             : next<int(pthread_attr_t*, std::size_t)>("pthread_attr_setstacksize")(attributes,
                                                                                    size);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
  using Create = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  int error = 0;
  return scripted("pthread_create", 0, error)
             ? error
             : next<Create>("pthread_create")(thread, attributes, start, argument);
}

int pthread_detach(pthread_t thread) noexcept {
  int error = 0;
  return scripted("pthread_detach", 0, error) ? error
                                              : next<int(pthread_t)>("pthread_detach")(thread);
}

int pthread_join(pthread_t thread, void** result) {
  int error = 0;
  return scripted("pthread_join", 0, error)
             ? error
             : next<int(pthread_t, void**)>("pthread_join")(thread, result);
}

int pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes) noexcept {
  using GetAttributes = int(pthread_t, pthread_attr_t*);
  int error = 0;
  return scripted("pthread_getattr_np", 0, error)
             ? error
             : next<GetAttributes>("pthread_getattr_np")(thread, attributes);
}

int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  int error = 0;
  return scripted("pthread_setname_np", 0, error)
             ? error
             : next<int(pthread_t, const char*)>("pthread_setname_np")(thread, name);
}

void* mmap(void* address, std::size_t size, int protection, int flags, int file,
           off_t at) noexcept {
  int error = 0;
  if (!scripted("mmap", size, error)) {
    using Map = void*(void*, std::size_t, int, int, int, off_t);
    return next<Map>("mmap")(address, size, protection, flags, file, at);
  }
  errno = error;
  return MAP_FAILED;
}

int mprotect(void* address, std::size_t size, int protection) noexcept {
  int error = 0;
  if (!scripted("mprotect", size, error)) {
    return next<int(void*, std::size_t, int)>("mprotect")(address, size, protection);
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

int munmap(void* address, std::size_t size) noexcept {
  int error = 0;
  if (!scripted("munmap", size, error)) {
    return next<int(void*, std::size_t)>("munmap")(address, size);
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

int sigaltstack(const stack_t* stack, stack_t* previous) noexcept {
  int error = 0;
  if (!scripted("sigaltstack", 0, error)) {
    return next<int(const stack_t*, stack_t*)>("sigaltstack")(stack, previous);
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

// A key that is not made has the number 0.
int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
  using Create = int(pthread_key_t*, void (*)(void*));
  int error = 0;
  if (!scripted("pthread_key_create", 0, error)) {
    return next<Create>("pthread_key_create")(key, destructor);
  }
  *key = 0;
  return error;
}

int pthread_key_delete(pthread_key_t key) noexcept {
  int error = 0;
  return scripted("pthread_key_delete", key, error)
             ? error
             : next<int(pthread_key_t)>("pthread_key_delete")(key);
}

int pthread_setspecific(pthread_key_t key, const void* value) noexcept {
  int error = 0;
  return scripted("pthread_setspecific", key, error)
             ? error
             : next<int(pthread_key_t, const void*)>("pthread_setspecific")(key, value);
}

int sched_yield() noexcept {
  int error = 0;
  if (!scripted("sched_yield", 0, error)) {
    return next<int()>("sched_yield")();
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

// A script that lets it succeed lets it take one byte.
ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  int error = 0;
  if (!scripted("write", size, error)) {
    return next<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, size);
  }
  errno = error;
  return error == 0 ? next<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, 1)
                    : -1;
}

// An EINTR leaves one second to sleep.
int nanosleep(const timespec* time, timespec* rest) {
  int error = 0;
  if (!scripted("nanosleep", static_cast<unsigned long>(time->tv_sec), error)) {
    return next<int(const timespec*, timespec*)>("nanosleep")(time, rest);
  }
  if (error == EINTR) {
    *rest = {.tv_sec = 1, .tv_nsec = 0};
  }
  errno = error;
  return error == 0 ? 0 : -1;
}

// A clock that is not asked shows half a second.
int clock_gettime(clockid_t clock, timespec* time) noexcept {
  int error = 0;
  if (!scripted("clock_gettime", 0, error)) {
    return next<int(clockid_t, timespec*)>("clock_gettime")(clock, time);
  }
  *time = {.tv_sec = 0, .tv_nsec = 500'000'000};
  errno = error;
  return error == 0 ? 0 : -1;
}

long syscall(long number, ...) noexcept {
  va_list list;
  va_start(list, number);
  const long a = va_arg(list, long);
  const long b = va_arg(list, long);
  const long c = va_arg(list, long);
  void* const d = va_arg(list, void*);
  const long e = va_arg(list, long);
  const long f = va_arg(list, long);
  va_end(list);
  if (number == SYS_futex) {
    const bool waits = (b & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    const auto* const deadline = static_cast<const timespec*>(d);
    const auto seconds = waits && deadline != nullptr ? deadline->tv_sec : 0;
    int error = 0;
    if (scripted(waits ? "futex wait" : "futex wake", static_cast<unsigned long>(seconds), error)) {
      errno = error;
      return error == 0 ? 0 : -1;
    }
  }
  return next<long(long, ...)>("syscall")(number, a, b, c, d, e, f);
}

}  // extern "C"
