// A runtime whose threads never sleep: park, join and the lock of a handle spin, and yield.
#include <atomic>
#include <cstdint>
#include <heddle/adapter.hpp>
#include <memory>
#include <mutex>
#include <thread>

#include "parking_subject.hpp"

namespace {

namespace kit = heddle::kit;

class SpinLock {
 public:
  void lock() {
    while (taken_.test_and_set(std::memory_order_acquire)) {
      std::this_thread::yield();
    }
  }
  void unlock() { taken_.clear(std::memory_order_release); }

 private:
  std::atomic_flag taken_ = ATOMIC_FLAG_INIT;
};

struct Thread {
  SpinLock lock;
  bool has_token = false;  // under the lock, as is the next
  bool has_ended = false;

  bool exchange(bool& flag, bool value) {
    const std::lock_guard guard(lock);
    return std::exchange(flag, value);
  }
};
using Handle = std::shared_ptr<Thread>;

Handle& own() {
  thread_local Handle thread = std::make_shared<Thread>();
  return thread;
}

struct JoinHandle {
  std::thread native;
  Handle thread;
};

void spawn(const heddle_builder* /*builder*/, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto thread = std::make_shared<Thread>();
    std::thread native([closure = kit::Closure(body, env), thread]() mutable {
      own() = thread;
      kit::drop(closure());
      thread->exchange(thread->has_ended, true);
    });
    outcome.handle = kit::give(JoinHandle{std::move(native), thread});
  });
}

void join(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    const auto handle = kit::take<JoinHandle>(eaten);
    Thread& thread = *handle->thread;
    while (!thread.exchange(thread.has_ended, false)) {
      std::this_thread::yield();
    }
    handle->native.join();
  });
}

void current(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome& outcome) { outcome.handle = kit::give(Handle(own())); });
}

void clone(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = kit::give(Handle(kit::borrow<Handle>(handle)));
  });
}

void drop(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<Handle>(handle); });
}

void id(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = reinterpret_cast<std::uintptr_t>(kit::borrow<Handle>(handle).get());
  });
}

void unpark(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    Thread& thread = *kit::borrow<Handle>(handle);
    thread.exchange(thread.has_token, true);
  });
}

void park(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) {
    Thread& thread = *own();
    while (!thread.exchange(thread.has_token, false)) {
      std::this_thread::yield();
    }
  });
}

}  // namespace

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::tests::enter_parking_subject(host, "waits by spinning",
                                              {.spawn = spawn,
                                               .join = join,
                                               .current = current,
                                               .clone = clone,
                                               .drop = drop,
                                               .id = id,
                                               .unpark = unpark,
                                               .park = park});
}
