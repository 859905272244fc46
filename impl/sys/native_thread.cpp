#include "heddle/sys/native_thread.hpp"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <type_traits>

namespace heddle::sys {
namespace {

static_assert(std::is_same_v<NativeThread::Id, pthread_t>);

// What a stack must have so that a thread can start on it. The fixed minimum does not know how much
// thread-local storage this process has; glibc's private function does.
std::size_t minimum_stack_size(const pthread_attr_t& attributes) {
  using GetMinimum = std::size_t (*)(const pthread_attr_t*);
  static const auto get_minimum =
      reinterpret_cast<GetMinimum>(::dlsym(RTLD_DEFAULT, "__pthread_get_minstack"));
  return get_minimum != nullptr ? get_minimum(&attributes)
                                : static_cast<std::size_t>(PTHREAD_STACK_MIN);
}

std::size_t rounded_up_to_page(std::size_t size) {
  const auto page_size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));  // cannot fail
  return (size + page_size - 1) & ~(page_size - 1);
}

// EINVAL may mean that the system wants whole pages, so it gets them, once; a second EINVAL and any
// other errno are the caller's.
int set_stack_size(pthread_attr_t& attributes, std::size_t requested) {
  const std::size_t size = std::max(requested, minimum_stack_size(attributes));
  const int error = ::pthread_attr_setstacksize(&attributes, size);
  if (error != EINVAL) {
    return error;
  }
  return ::pthread_attr_setstacksize(&attributes, rounded_up_to_page(size));
}

class Attributes {
 public:
  Attributes() : error_(::pthread_attr_init(&attributes_)) {}
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() {
    if (error_ == 0) {
      // Cannot matter: whether the thread runs is decided by now, and nothing can be taken back.
      static_cast<void>(::pthread_attr_destroy(&attributes_));
    }
  }

  int error() const { return error_; }  ///< ENOMEM, or 0
  pthread_attr_t& get() { return attributes_; }

 private:
  pthread_attr_t attributes_{};
  int error_;
};

// Not noexcept: pthread_exit in the thread unwinds up to here and beyond.
extern "C" void* heddle_thread_start(void* argument) {
  const Box<Main> main(static_cast<Main*>(argument));
  main->run();
  return nullptr;
}

}  // namespace

Result<NativeThread, Error> NativeThread::create(std::size_t stack_size, Box<Main> main) {
  Attributes attributes;
  if (attributes.error() != 0) {
    return Error("pthread_attr_init", attributes.error());
  }
  if (const int error = set_stack_size(attributes.get(), stack_size); error != 0) {
    return Error("pthread_attr_setstacksize", error);
  }
  pthread_t native{};
  const int error = ::pthread_create(&native, &attributes.get(), heddle_thread_start, main.get());
  if (error != 0) {
    // EAGAIN, EINVAL, EPERM: no thread came to be, and `main` is still ours to drop.
    return Error("pthread_create", error);
  }
  static_cast<void>(main.release());  // the thread's now, which may have dropped it already
  return NativeThread(native);
}

NativeThread::~NativeThread() {
  if (id_) {
    // EINVAL, ESRCH: somebody else has detached or joined the thread, which leaves nothing to do.
    static_cast<void>(::pthread_detach(*id_));
  }
}

std::optional<Error> NativeThread::join() && {
  const int error = ::pthread_join(std::move(*this).into_id(), nullptr);
  return error == 0 ? std::nullopt : std::optional(Error("pthread_join", error));
}

void NativeThread::set_name(const std::string& name) {
  constexpr std::size_t longest = 15;  // longer ones are refused; the kernel has room for 16 bytes
  // A thread without its name in the kernel's list is only harder to find, so errors do not matter.
  static_cast<void>(::pthread_setname_np(::pthread_self(), name.substr(0, longest).c_str()));
}

void NativeThread::yield_now() {
  // Never fails on Linux, and not having yielded is no harm.
  static_cast<void>(::sched_yield());
}

}  // namespace heddle::sys
