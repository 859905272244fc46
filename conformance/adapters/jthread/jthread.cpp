// std::jthread with std::packaged_task as a subject, and a Parker on a primitive of C++20:
// std::atomic and its wait, or std::binary_semaphore with HEDDLE_PARKS_ON_SEMAPHORE. The task
// carries the body's value, or its exception, to the joiner.
#include <pthread.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <heddle/adapter.hpp>
#include <semaphore>
#include <system_error>
#include <thread>

namespace heddle::jthread {
namespace {

#ifdef HEDDLE_PARKS_ON_SEMAPHORE
constexpr const char* name = "std::jthread, parks on std::binary_semaphore";

class Parker {
 public:
  void park() {
    semaphore_.acquire();
    take();
  }
  void park_for(std::chrono::nanoseconds time) {
    if (semaphore_.try_acquire_for(time)) {
      take();
    }
  }
  // The flag keeps the semaphore at 1: a release beyond its maximum is undefined.
  void unpark() {
    if (!token_.exchange(true, std::memory_order_acq_rel)) {
      semaphore_.release();
    }
  }

 private:
  // Acquires what the threads did that found the token there and did not release the semaphore.
  void take() { token_.exchange(false, std::memory_order_acq_rel); }

  std::binary_semaphore semaphore_{0};
  std::atomic<bool> token_ = false;
};
#else
constexpr const char* name = "std::jthread, parks on std::atomic::wait";

class Parker {
 public:
  void park() {
    while (!token_.exchange(false, std::memory_order_acquire)) {
      token_.wait(false, std::memory_order_relaxed);
    }
  }
  void unpark() {
    token_.store(true, std::memory_order_release);
    token_.notify_one();
  }

 private:
  std::atomic<bool> token_ = false;
};
#endif

// A thread handle. The thread's own reference is made on first use where another than the adapter
// has started the thread.
using Thread = std::shared_ptr<Parker>;

Thread& own_thread() {
  thread_local Thread own = std::make_shared<Parker>();
  return own;
}

struct JoinHandle {
  Thread thread;
  std::future<kit::Value> result;
  std::jthread native;
};

// Starts a thread. Throws std::system_error if the system refuses.
void* start(kit::Closure closure) {
  JoinHandle handle;
  handle.thread = std::make_shared<Parker>();
  std::packaged_task<kit::Value()> task{[body = std::move(closure)]() mutable { return body(); }};
  handle.result = task.get_future();
  handle.native = std::jthread{[thread = handle.thread, task = std::move(task)]() mutable {
    own_thread() = std::move(thread);
    task();
  }};
  return kit::give(std::move(handle));
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};
    if (builder != nullptr && builder->count > 0) {
      kit::write_failure(ENOTSUP, "std::jthread takes neither a name nor a stack size", outcome);
      return;
    }
    try {
      outcome.handle = start(std::move(closure));
    } catch (const std::system_error& error) {
      kit::write_failure(error.code().value(), error.what(), outcome);
    }
  });
}

void spawn_or_panic(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) { outcome.handle = start({body, env}); });
}

void join(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto handle = kit::take<JoinHandle>(eaten);
    try {
      handle->native.join();
    } catch (const std::system_error& error) {
      handle->native.detach();  // its destructor would join again
      kit::write_failure(error.code().value(), error.what(), outcome);
      return;
    }
    try {
      outcome.value = handle->result.get().release();
    } catch (const std::future_error&) {
      outcome.tag = HEDDLE_ABSENT;  // the task was abandoned: pthread_exit
    } catch (...) {
      kit::write_exception(HEDDLE_CAUGHT, outcome);
    }
  });
}

void detach(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<JoinHandle>(eaten)->native.detach(); });
}

void is_finished(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto state = kit::borrow<JoinHandle>(handle).result.wait_for(std::chrono::seconds{0});
    outcome.value = state == std::future_status::ready;
  });
}

void thread_of(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = kit::give(kit::borrow<JoinHandle>(handle).thread);
  });
}

void as_native(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = kit::borrow<JoinHandle>(handle).native.native_handle();
  });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_CARRIES_VALUE | HEDDLE_CARRIES_PANIC | HEDDLE_REPORTS_ERRNO,
    .spawn = spawn,
    .spawn_or_panic = spawn_or_panic,
    .join = join,
    .detach = detach,
    .forget = nullptr,
    .is_finished = is_finished,
    .thread = thread_of,
    .as_native = as_native,
    .into_native = nullptr,
};

void current(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome& outcome) { outcome.handle = kit::give(own_thread()); });
}

void clone(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = kit::give(kit::borrow<Thread>(handle));
  });
}

void drop(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<Thread>(handle); });
}

void unpark(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::borrow<Thread>(handle)->unpark(); });
}

constexpr heddle_threads threads_table = {
    .size = sizeof(heddle_threads),
    .flags = 0,
    .current = current,
    .clone = clone,
    .drop = drop,
    .id = nullptr,
    .name = nullptr,
    .unpark = unpark,
};

void park(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { own_thread()->park(); });
}

#ifdef HEDDLE_PARKS_ON_SEMAPHORE
void park_timeout(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    own_thread()->park_for(kit::duration_of(seconds, nanoseconds));
  });
}
#else
constexpr std::nullptr_t park_timeout = nullptr;  // std::atomic has no wait with a timeout
#endif

constexpr heddle_parking parking_table = {
    .size = sizeof(heddle_parking), .flags = 0, .park = park, .park_timeout = park_timeout};

constexpr heddle_subject_table subject_table = [] {
  heddle_subject_table table = kit::subject_named(name, "compiler " __VERSION__);
  table.spawning = &spawning_table;
  table.threads = &threads_table;
  table.parking = &parking_table;
  table.panics = &kit::exceptions;
  return table;
}();

}  // namespace
}  // namespace heddle::jthread

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::kit::enter(host, heddle::jthread::subject_table);
}
