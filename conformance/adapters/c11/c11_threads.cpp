// The threads of C11 as a subject. thrd_join hands over an int, which has no room for a value, and
// an error says only that there was no memory, or that something went wrong.
#include <gnu/libc-version.h>
#include <threads.h>

#include <algorithm>
#include <ctime>
#include <heddle/adapter.hpp>
#include <limits>

namespace heddle::c11 {
namespace {

int run(void* argument) {
  const auto closure = kit::take<kit::Closure>(argument);
  const kit::Value value = (*closure)();
  return 0;
}

// Writes what a function of <threads.h> has returned, unless that is success.
void write_result(int result, heddle_outcome& outcome) {
  if (result != thrd_success) {
    kit::write_failure(0, result == thrd_nomem ? "thrd_nomem" : "thrd_error", outcome);
  }
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    auto closure = std::make_unique<kit::Closure>(body, env);
    if (builder != nullptr && builder->count > 0) {
      kit::write_failure(0, "C11 threads take neither a name nor a stack size", outcome);
      return;
    }
    thrd_t thread{};
    const int result = thrd_create(&thread, run, closure.get());
    if (result == thrd_success) {
      static_cast<void>(closure.release());  // the thread's now
      outcome.handle = kit::give(thread);
    }
    write_result(result, outcome);
  });
}

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    write_result(thrd_join(*kit::take<thrd_t>(handle), nullptr), outcome);
  });
}

void detach(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    write_result(thrd_detach(*kit::take<thrd_t>(handle)), outcome);
  });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_JOIN_AWAITS_LOCALS,
    .spawn = spawn,
    .spawn_or_panic = nullptr,
    .join = join,
    .detach = detach,
    .forget = nullptr,
    .is_finished = nullptr,
    .thread = nullptr,
    .as_native = nullptr,
    .into_native = nullptr,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    constexpr auto longest = static_cast<std::uint64_t>(std::numeric_limits<std::time_t>::max());
    const timespec time{static_cast<std::time_t>(std::min(seconds, longest)),
                        static_cast<long>(nanoseconds)};
    thrd_sleep(&time, nullptr);  // a signal may end it, as C11 says
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { thrd_yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = 0, .sleep = sleep, .yield = yield};

void create_key(void (*destructor)(void*), heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    tss_t key{};
    const int result = tss_create(&key, destructor);
    if (result == thrd_success) {
      outcome.handle = kit::give(key);
    }
    write_result(result, outcome);
  });
}

void destroy_key(void* key, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { tss_delete(*kit::take<tss_t>(key)); });
}

void get(void* key, heddle_outcome* out) {
  kit::call(out,
            [&](heddle_outcome& outcome) { outcome.handle = tss_get(kit::borrow<tss_t>(key)); });
}

void set(void* key, void* value, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    write_result(tss_set(kit::borrow<tss_t>(key), value), outcome);
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
}  // namespace heddle::c11

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  using namespace heddle::c11;
  static heddle_subject_table table =
      heddle::kit::subject_named("C11 threads of glibc", gnu_get_libc_version());
  table.spawning = &spawning_table;
  table.pausing = &pausing_table;
  table.keys = &keys_table;
  return heddle::kit::enter(host, table);
}
