// libstdc++'s std::thread as a subject: what C++ itself promises, without additions by the adapter.
// A std::thread carries neither value nor exception to its joiner, takes no settings, and its
// identity may be given to another thread later. So the adapter offers nothing of that.
#include <heddle/subject.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "thread_locals.hpp"
#include "values.hpp"

#ifndef __GLIBCXX__
#error "This subject is libstdc++'s: build it without -stdlib=libc++."
#endif

namespace heddle::libstdcxx {
namespace {

void fail(int os_error, const char* text, heddle_outcome& outcome) {
  outcome.tag = HEDDLE_FAILED;
  outcome.os_error = os_error;
  write_text(text, outcome);
}

// Starts a thread. Throws std::system_error if the system refuses, as std::thread does. The closure
// then dies before the exception arrives here.
std::thread* start(Stored env, heddle_body body) {
  auto handle = std::make_unique<std::thread>();
  *handle = std::thread{[captured = std::move(env), body]() mutable {
    const Stored value{complete(captured.release(), body, nullptr)};
  }};
  return handle.release();
}

void spawn(const heddle_builder* builder, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) {
    Stored captured{env};
    if (builder != nullptr && builder->count > 0) {
      fail(ENOTSUP, "std::thread takes neither a name nor a stack size", outcome);
      return;
    }
    try {
      outcome.handle = start(std::move(captured), body);
    } catch (const std::system_error& error) {
      fail(error.code().value(), error.what(), outcome);
    }
  });
}

void spawn_or_panic(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) { outcome.handle = start(Stored{env}, body); });
}

void join(void* handle, heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) {
    const std::unique_ptr<std::thread> thread{static_cast<std::thread*>(handle)};
    try {
      thread->join();
    } catch (const std::system_error& error) {
      thread->detach();  // a joinable std::thread must not be destroyed
      fail(error.code().value(), error.what(), outcome);
    }
  });
}

void detach(void* handle, heddle_outcome* out) {
  call(out, [&](heddle_outcome&) {
    const std::unique_ptr<std::thread> thread{static_cast<std::thread*>(handle)};
    thread->detach();
  });
}

void as_native(void* handle, heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) {
    outcome.value = static_cast<std::thread*>(handle)->native_handle();
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
  call(out, [&](heddle_outcome&) {
    // sleep_for computes in signed numbers: a time that does not fit would become negative, and end
    // at once. Nanoseconds hold at most 292 years.
    constexpr auto longest =
        std::chrono::floor<std::chrono::seconds>(std::chrono::nanoseconds::max()).count() - 1;
    const auto whole = std::min(seconds, static_cast<std::uint64_t>(longest));
    std::this_thread::sleep_for(std::chrono::seconds{whole} +
                                std::chrono::nanoseconds{nanoseconds});
  });
}

void yield(heddle_outcome* out) {
  call(out, [](heddle_outcome&) { std::this_thread::yield(); });
}

constexpr heddle_pausing pausing_table = {
    .size = sizeof(heddle_pausing), .flags = HEDDLE_SLEEPS_WHOLE, .sleep = sleep, .yield = yield};

void catch_unwind(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&](heddle_outcome& outcome) {
    try {
      outcome.value = complete(env, body, nullptr);
    } catch (...) {
      write_exception(HEDDLE_CAUGHT, outcome);
    }
  });
}

void panicking(heddle_outcome* out) {
  call(out, [](heddle_outcome& outcome) { outcome.value = std::uncaught_exceptions() > 0; });
}

constexpr heddle_panics panics_table = {
    .size = sizeof(heddle_panics),
    .flags = HEDDLE_TYPED_PAYLOADS,
    .catch_unwind = catch_unwind,
    .panicking = panicking,
    .set_hook = nullptr,
    .take_hook = nullptr,
};

#if defined(__SANITIZE_THREAD__)
constexpr std::uint64_t flags = HEDDLE_BUILT_WITH_TSAN;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr std::uint64_t flags = HEDDLE_BUILT_WITH_TSAN;
#else
constexpr std::uint64_t flags = 0;
#endif
#else
constexpr std::uint64_t flags = 0;
#endif

#define HEDDLE_TEXT_OF(macro) HEDDLE_TEXT(macro)
#define HEDDLE_TEXT(tokens) #tokens

constexpr heddle_subject_table subject_table = {
    .major = HEDDLE_ABI_MAJOR,
    .minor = HEDDLE_ABI_MINOR,
    .size = sizeof(heddle_subject_table),
    .outcome_size = sizeof(heddle_outcome),
    .flags = flags,
    .name = "libstdc++",
    .version = HEDDLE_TEXT_OF(_GLIBCXX_RELEASE) " of " HEDDLE_TEXT_OF(
        __GLIBCXX__) ", compiler " __VERSION__,
    .profile = "",
    .deviations = nullptr,
    .deviation_count = 0,
    .spawning = &spawning_table,
    .threads = nullptr,
    .parking = nullptr,
    .pausing = &pausing_table,
    .scopes = nullptr,
    .panics = &panics_table,
    .tls = &tls_table,
    .keys = nullptr,
    .capture = nullptr,
    .guard = nullptr,
    .process = nullptr,
    .presets = nullptr,
};

}  // namespace
}  // namespace heddle::libstdcxx

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  if (host->major != HEDDLE_ABI_MAJOR) {
    return nullptr;
  }
  heddle::libstdcxx::suite = host;
  return &heddle::libstdcxx::subject_table;
}
