// thread_of_library.cpp: a library that makes a thread, by the definition that it is bound to.
#include <pthread.h>

extern "C" int make_thread() {
  pthread_t thread{};
  const auto start = [](void*) -> void* { return nullptr; };
  const int error = pthread_create(&thread, nullptr, start, nullptr);
  return error == 0 ? pthread_join(thread, nullptr) : error;
}
