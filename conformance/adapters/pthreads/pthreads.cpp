// POSIX threads as a subject, as a C program uses them. pthread_join hands over a pointer that has
// no destructor, so a value whose thread is detached would leak: the adapter carries none.
#include <gnu/libc-version.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <climits>
#include <cstring>
#include <ctime>
#include <heddle/adapter.hpp>

namespace heddle::pthreads {
namespace {

// What a thread returns whose body has returned. pthread_exit and cancellation leave something
// else.
char ended_by_returning = 0;

void* run(void* argument) {
  const auto closure = kit::take<kit::Closure>(argument);
  const kit::Value value = (*closure)();
  return &ended_by_returning;
}

// Owns the attributes of a thread to be created. Returns 0 from `error` if they could be set.
class Attributes {
 public:
  explicit Attributes(const kit::Settings& settings) : error_(pthread_attr_init(&attributes_)) {
    if (error_ != 0) {
      return;
    }
    initialised_ = true;
    if (settings.stack_size) {
      // A smaller size is invalid, rather than rounded up.
      const auto least = static_cast<std::uint64_t>(PTHREAD_STACK_MIN);
      error_ = pthread_attr_setstacksize(&attributes_, std::max(*settings.stack_size, least));
    }
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() {
    if (initialised_) {
      pthread_attr_destroy(&attributes_);
    }
  }

  int error() const { return error_; }
  const pthread_attr_t* get() const { return &attributes_; }

 private:
  pthread_attr_t attributes_{};
  bool initialised_ = false;
  int error_;
};

void write_error(int error, heddle_outcome& outcome) {
  kit::write_failure(error, strerrordesc_np(error), outcome);
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    auto closure = std::make_unique<kit::Closure>(body, env);
    const Attributes attributes{kit::settings_of(builder)};
    pthread_t thread{};
    int error = attributes.error();
    if (error == 0) {
      error = pthread_create(&thread, attributes.get(), run, closure.get());
    }
    if (error != 0) {
      write_error(error, outcome);
      return;
    }
    static_cast<void>(closure.release());  // the thread's now
    outcome.handle = kit::give(thread);
  });
}

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto thread = kit::take<pthread_t>(handle);
    void* result = nullptr;
    if (const int error = pthread_join(*thread, &result); error != 0) {
      write_error(error, outcome);
    } else if (result != &ended_by_returning) {
      outcome.tag = HEDDLE_ABSENT;
    }
  });
}

void detach(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    if (const int error = pthread_detach(*kit::take<pthread_t>(handle)); error != 0) {
      write_error(error, outcome);
    }
  });
}

void forget(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<pthread_t>(handle); });
}

void as_native(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) { outcome.value = kit::borrow<pthread_t>(handle); });
}

void into_native(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) { outcome.value = *kit::take<pthread_t>(handle); });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_TAKES_STACK_SIZE | HEDDLE_REPORTS_ERRNO | HEDDLE_JOIN_AWAITS_LOCALS,
    .spawn = spawn,
    .spawn_or_panic = nullptr,
    .join = join,
    .detach = detach,
    .forget = forget,
    .is_finished = nullptr,
    .thread = nullptr,
    .as_native = as_native,
    .into_native = into_native,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<std::time_t>::max());
    timespec time{static_cast<std::time_t>(std::min(seconds, longest)),
                  static_cast<long>(nanoseconds)};
    nanosleep(&time, nullptr);  // a signal may end it: POSIX promises no more
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { sched_yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = 0, .sleep = sleep, .yield = yield};

void create_key(void (*destructor)(void*), heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    pthread_key_t key{};
    if (const int error = pthread_key_create(&key, destructor); error != 0) {
      write_error(error, outcome);
    } else {
      outcome.handle = kit::give(key);
    }
  });
}

void destroy_key(void* key, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { pthread_key_delete(*kit::take<pthread_key_t>(key)); });
}

void get(void* key, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = pthread_getspecific(kit::borrow<pthread_key_t>(key));
  });
}

void set(void* key, void* value, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    if (const int error = pthread_setspecific(kit::borrow<pthread_key_t>(key), value); error != 0) {
      write_error(error, outcome);
    }
  });
}

constexpr heddle_keys keys_table = {
    .size = sizeof(heddle_keys),
    .flags = 0,
    .static_slots = 0,
    .reserved = 0,
    .create = create_key,
    .destroy = destroy_key,
    .get = get,
    .set = set,
    .static_get = nullptr,
    .static_set = nullptr,
};

}  // namespace
}  // namespace heddle::pthreads

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  using namespace heddle::pthreads;
  static heddle_subject_table table =
      heddle::kit::subject_named("pthreads", gnu_get_libc_version());
  table.spawning = &spawning_table;
  table.pausing = &pausing_table;
  table.keys = &keys_table;
  return heddle::kit::enter(host, table);
}
