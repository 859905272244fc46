// A C++ library's std::thread as a subject: what C++ itself promises, without additions by the
// adapter. A std::thread carries neither value nor exception to its joiner, takes no settings, and
// its identity may be given to another thread later. So the adapter offers nothing of that.
#include <pthread.h>

#include <cerrno>
#include <heddle/adapter.hpp>
#include <system_error>
#include <thread>

#include "thread_locals.hpp"

namespace heddle::libstdcxx {
namespace {

// Starts a thread. Throws std::system_error if the system refuses, as std::thread does. The closure
// then dies before the exception arrives here.
void* start(kit::Closure closure) {
  return kit::give(
      std::thread{[body = std::move(closure)]() mutable { const kit::Value value = body(); }});
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};
    if (builder != nullptr && builder->count > 0) {
      kit::write_failure(ENOTSUP, "std::thread takes neither a name nor a stack size", outcome);
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

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto thread = kit::take<std::thread>(handle);
    try {
      thread->join();
    } catch (const std::system_error& error) {
      thread->detach();  // a joinable std::thread must not be destroyed
      kit::write_failure(error.code().value(), error.what(), outcome);
    }
  });
}

void detach(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<std::thread>(handle)->detach(); });
}

void as_native(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = kit::borrow<std::thread>(handle).native_handle();
  });
}

constexpr heddle_spawning spawning_table = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_REPORTS_ERRNO | HEDDLE_JOIN_AWAITS_LOCALS,
    .spawn = spawn,
    .spawn_or_panic = spawn_or_panic,
    .join = join,
    .detach = detach,
    .forget = nullptr,
    .is_finished = nullptr,
    .thread = nullptr,
    .as_native = as_native,
    .into_native = nullptr,
};

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    std::this_thread::sleep_for(kit::duration_of(seconds, nanoseconds));
  });
}

void yield(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) { std::this_thread::yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = HEDDLE_SLEEPS_WHOLE, .sleep = sleep, .yield = yield};

#define HEDDLE_TEXT_OF(macro) HEDDLE_TEXT(macro)
#define HEDDLE_TEXT(tokens) #tokens

#ifdef _LIBCPP_VERSION
constexpr const char* name = "libc++";
constexpr const char* version = HEDDLE_TEXT_OF(_LIBCPP_VERSION) ", compiler " __VERSION__;
#else
constexpr const char* name = "libstdc++";
constexpr const char* version =
    HEDDLE_TEXT_OF(_GLIBCXX_RELEASE) " of " HEDDLE_TEXT_OF(__GLIBCXX__) ", compiler " __VERSION__;
#endif

constexpr heddle_subject_table subject_table = [] {
  heddle_subject_table table = kit::subject_named(name, version);
  table.spawning = &spawning_table;
  table.pausing = &pausing_table;
  table.panics = &kit::exceptions;
  table.tls = &tls_table;
  return table;
}();

}  // namespace
}  // namespace heddle::libstdcxx

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::kit::enter(host, heddle::libstdcxx::subject_table);
}
