#include "heddle/thread/thread.hpp"

#include "heddle/panic/panic.hpp"
#include "heddle/sys/native_thread.hpp"
#include "thread/parker.hpp"
#include "thread/thread_access.hpp"

namespace heddle::thread {

struct Thread::Inner {
  std::optional<std::string> name;
  ThreadId id;
  Parker parker;

  Inner(std::optional<std::string> its_name, ThreadId its_id)
      : name(std::move(its_name)), id(its_id) {}
};

Thread Thread::make(std::optional<std::string> name) {
  if (name && name->find('\0') != std::string::npos) {
    panic::panic("thread name may not contain interior null bytes");
  }
  const ThreadId id = ThreadId::next();
  return Thread(std::make_shared<Inner>(std::move(name), id));
}

ThreadId Thread::id() const noexcept {
  return inner_->id;
}

std::optional<std::string_view> Thread::name() const noexcept {
  return inner_->name;
}

void Thread::unpark() const {
  inner_->parker.unpark();
}

void name_current_thread(const Thread& thread) {
  if (thread.inner_->name) {
    sys::NativeThread::set_name(*thread.inner_->name);
  }
}

Parker& parker_of(const Thread& thread) noexcept {
  return thread.inner_->parker;
}

}  // namespace heddle::thread
