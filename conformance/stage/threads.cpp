#include "stage/threads.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <array>
#include <cerrno>

#include "catalogue/feature.hpp"
#include "stage/held_handles.hpp"
#include "stage/kernel_thread.hpp"
#include "stage/signal.hpp"
#include "stage/stage_case.hpp"
#include "stage/system_call.hpp"

namespace heddle::conformance {
namespace {

// A check's settings in the form of the ABI.
class BuilderSettings {
 public:
  explicit BuilderSettings(const Settings& settings) {
    if (settings.name) {
      entries_[builder_.count++] = {.kind = HEDDLE_SETTING_NAME,
                                    .reserved = 0,
                                    .text = settings.name->data(),
                                    .number = settings.name->size()};
    }
    if (settings.stack_size) {
      entries_[builder_.count++] = {.kind = HEDDLE_SETTING_STACK_SIZE,
                                    .reserved = 0,
                                    .text = nullptr,
                                    .number = *settings.stack_size};
    }
    builder_.settings = entries_.data();
  }
  BuilderSettings(const BuilderSettings&) = delete;
  BuilderSettings& operator=(const BuilderSettings&) = delete;

  /// Returns " with the name 'a' and a stack of 1 bytes", or nothing for the defaults.
  std::string in_words() const {
    std::string words;
    for (std::size_t index = 0; index < builder_.count; ++index) {
      const heddle_setting& setting = entries_[index];
      words += index == 0 ? " with " : " and ";
      words += setting.kind == HEDDLE_SETTING_NAME
                   ? fmt::format("the name '{}'", std::string_view(setting.text, setting.number))
                   : fmt::format("a stack of {} bytes", setting.number);
    }
    return words;
  }

  const heddle_builder* get() const { return builder_.count == 0 ? nullptr : &builder_; }

 private:
  std::array<heddle_setting, 2> entries_{};
  heddle_builder builder_{};
};

Outcome call(std::string_view name, heddle_handle_call function, void* handle,
             bool carries_value = false) {
  note(fmt::format("calls {}", name));
  heddle_outcome raw{};
  function(handle, &raw);
  return Outcome(name, raw, carries_value);
}

Outcome call(std::string_view name, heddle_call function) {
  note(fmt::format("calls {}", name));
  heddle_outcome raw{};
  function(&raw);
  return Outcome(name, raw, false);
}

// Expects that the spawn succeeded. When no fault was injected, a refusal for want of memory or
// threads says nothing about the runtime.
void expect_spawned(const Outcome& outcome) {
  if (outcome.tag() == HEDDLE_FAILED && outcome.os_error() == EAGAIN) {
    internal_error("the machine refused a thread: EAGAIN; run with fewer jobs or more memory");
  }
  expect(outcome, returned());
  if (outcome.handle() == nullptr) {
    fail(fmt::format("{} returns a join handle", outcome.call()), "it returned null");
  }
}

ThreadHandle thread_handle(const Outcome& outcome) {
  expect(outcome, returned());
  if (outcome.handle() == nullptr) {
    fail(fmt::format("{} returns a thread handle", outcome.call()), "it returned null");
  }
  return {outcome.handle()};
}

const heddle_spawning& spawning() {
  return *subject().spawning;
}

const heddle_scopes& scopes() {
  return *subject().scopes;
}

}  // namespace

Outcome try_spawn(const Closure& body, const Settings& settings) {
  const BuilderSettings builder(settings);
  note(fmt::format("calls spawn of {}{}", body.captured().name(), builder.in_words()));
  heddle_outcome raw{};
  spawning().spawn(builder.get(), run_closure, body.captured().cookie(), &raw);
  return Outcome("spawn", raw, false);
}

Outcome try_spawn_or_panic(const Closure& body) {
  note(fmt::format("calls the panicking spawn of {}", body.captured().name()));
  heddle_outcome raw{};
  spawning().spawn_or_panic(run_closure, body.captured().cookie(), &raw);
  return Outcome("the panicking spawn", raw, false);
}

Outcome try_spawn(Scope scope, const Closure& body, const Settings& settings) {
  const BuilderSettings builder(settings);
  note(fmt::format("calls scoped spawn of {}{}", body.captured().name(), builder.in_words()));
  heddle_outcome raw{};
  scopes().spawn(scope.scope, builder.get(), run_closure, body.captured().cookie(), &raw);
  return Outcome("scoped spawn", raw, false);
}

Outcome try_spawn_or_panic(Scope scope, const Closure& body) {
  note(fmt::format("calls the panicking scoped spawn of {}", body.captured().name()));
  heddle_outcome raw{};
  scopes().spawn_or_panic(scope.scope, run_closure, body.captured().cookie(), &raw);
  return Outcome("the panicking scoped spawn", raw, false);
}

JoinHandle spawn(const Closure& body, const Settings& settings) {
  return handle_of(try_spawn(body, settings));
}

JoinHandle spawn(Scope scope, const Closure& body, const Settings& settings) {
  return handle_of(try_spawn(scope, body, settings));
}

JoinHandle handle_of(const Outcome& spawned) {
  expect_spawned(spawned);
  return {spawned.handle(), spawned.call().find("scoped") != std::string::npos};
}

void need_refusal(const Outcome& spawned, const Closure& body) {
  if (spawned.tag() != HEDDLE_RETURNED) {
    return;
  }
  // The runtime says that it started the thread after all: join it to see whether the body ran.
  const JoinHandle thread = handle_of(spawned);
  if (offers(subject(), thread.scoped ? Feature::scope_join : Feature::join)) {
    expect(join(thread), returned());
    expect_equal(body.runs(), 1, "how often the closure ran");
  }
  excuse("the runtime started the thread although the system had refused one");
}

Outcome join(JoinHandle handle) {
  const bool carries_value = handle.scoped || (spawning().flags & HEDDLE_CARRIES_VALUE) != 0;
  release_handle(handle.handle);
  return call("join", handle.scoped ? scopes().join : spawning().join, handle.handle,
              carries_value);
}

void detach(JoinHandle handle) {
  release_handle(handle.handle);
  expect(call("dropping a join handle", handle.scoped ? scopes().drop : spawning().detach,
              handle.handle),
         returned());
}

void leave(JoinHandle handle) {
  if (offers(subject(), handle.scoped ? Feature::scope_drop : Feature::detach)) {
    detach(handle);
  }
}

void forget(JoinHandle handle) {
  release_handle(handle.handle);
  expect(call("forget", handle.scoped ? scopes().forget : spawning().forget, handle.handle),
         returned());
}

bool is_finished(JoinHandle handle) {
  const Outcome outcome = call(
      "is_finished", handle.scoped ? scopes().is_finished : spawning().is_finished, handle.handle);
  expect(outcome, returned());
  return outcome.number() != 0;
}

ThreadHandle thread_of(JoinHandle handle) {
  return thread_handle(
      call("thread", handle.scoped ? scopes().thread : spawning().thread, handle.handle));
}

pthread_t native_of(JoinHandle handle) {
  const Outcome outcome = call("as_native", spawning().as_native, handle.handle);
  expect(outcome, returned());
  return outcome.number();
}

pthread_t into_native(JoinHandle handle) {
  release_handle(handle.handle);
  const Outcome outcome = call("into_native", spawning().into_native, handle.handle);
  expect(outcome, returned());
  return outcome.number();
}

void wait_until_finished(JoinHandle handle) {
  const auto function = handle.scoped ? scopes().is_finished : spawning().is_finished;
  note("waits until is_finished");
  for (;;) {
    heddle_outcome raw{};
    function(handle.handle, &raw);  // not logged: there may be a million such calls
    if (raw.tag != HEDDLE_RETURNED || raw.value != 0) {
      expect(Outcome("is_finished", raw, false), returned());
      return;
    }
    static_cast<void>(system_call(SYS_sched_yield));  // cannot fail on Linux
  }
}

ThreadHandle current_thread() {
  return thread_handle(try_current_thread());
}

Outcome try_current_thread() {
  return call("current", subject().threads->current);
}

ThreadHandle clone(ThreadHandle handle) {
  return thread_handle(call("cloning a thread handle", subject().threads->clone, handle.handle));
}

void drop(ThreadHandle handle) {
  release_handle(handle.handle);
  expect(call("dropping a thread handle", subject().threads->drop, handle.handle), returned());
}

std::uint64_t id_of(ThreadHandle handle) {
  const Outcome outcome = call("id", subject().threads->id, handle.handle);
  expect(outcome, returned());
  return outcome.number();
}

std::optional<std::string> name_of(ThreadHandle handle) {
  const Outcome outcome = call("name", subject().threads->name, handle.handle);
  expect(outcome, returned());
  if (outcome.number() == 0) {
    return std::nullopt;
  }
  return std::string(outcome.text());
}

std::uint64_t own_id() {
  const ThreadHandle self = current_thread();
  const std::uint64_t id = id_of(self);
  drop(self);
  return id;
}

std::optional<std::string> own_name() {
  const ThreadHandle self = current_thread();
  const auto name = name_of(self);
  drop(self);
  return name;
}

void unpark(ThreadHandle handle) {
  expect(call("unpark", subject().threads->unpark, handle.handle), returned());
}

void park() {
  expect(try_park(), returned());
}

Outcome try_park() {
  return call("park", subject().parking->park);
}

void park_timeout(std::uint64_t seconds, std::uint32_t nanoseconds) {
  note(fmt::format("calls park_timeout of {} s {} ns", seconds, nanoseconds));
  heddle_outcome raw{};
  subject().parking->park_timeout(seconds, nanoseconds, &raw);
  expect(Outcome("park_timeout", raw, false), returned());
}

void sleep(std::uint64_t seconds, std::uint32_t nanoseconds) {
  expect(try_sleep(seconds, nanoseconds), returned());
}

Outcome try_sleep(std::uint64_t seconds, std::uint32_t nanoseconds) {
  note(fmt::format("calls sleep of {} s {} ns", seconds, nanoseconds));
  heddle_outcome raw{};
  subject().pausing->sleep(seconds, nanoseconds, &raw);
  return Outcome("sleep", raw, false);
}

void yield() {
  expect(call("yield", subject().pausing->yield), returned());
}

Outcome scope(const Closure& body) {
  note(fmt::format("calls scope of {}", body.captured().name()));
  heddle_outcome raw{};
  scopes().scope(run_closure, body.captured().cookie(), &raw);
  return Outcome("scope", raw, true);
}

void preset_running(Scope scope, std::uint64_t count) {
  note(fmt::format("presets the scope's count to {}", count));
  heddle_outcome raw{};
  subject().presets->scope_running(scope.scope, count, &raw);
  expect(Outcome("scope_running", raw, false), returned());
}

Outcome catch_unwind(const Closure& body) {
  note(fmt::format("calls catch_unwind of {}", body.captured().name()));
  heddle_outcome raw{};
  subject().panics->catch_unwind(run_closure, body.captured().cookie(), &raw);
  return Outcome("catch_unwind", raw, true);
}

Outcome unwind_through(std::function<Ending()> action) {
  const Value local = value("local").when_dropped(std::move(action));
  const Closure below = closure("below", [] { return panics("the first panic"); });
  return catch_unwind([=] { return enters(local, below); });
}

bool panicking() {
  const Outcome outcome = call("panicking", subject().panics->panicking);
  expect(outcome, returned());
  return outcome.number() != 0;
}

void set_hook() {
  note("calls set_hook");
  heddle_outcome raw{};
  subject().panics->set_hook(1, &raw);
  expect(Outcome("set_hook", raw, false), returned());
}

Outcome take_hook() {
  return call("take_hook", subject().panics->take_hook);
}

void on_spawned_thread(std::function<void()> calls) {
  expect(join(spawn([calls = std::move(calls)] {
           calls();
           return returns();
         })),
         returned());
}

void wait_for_the_end_of(std::uint32_t thread) {
  if (const auto kernel_thread = kernel_thread_of(thread)) {
    wait_until_gone(*kernel_thread);
  }
}

void on_ended_thread(std::function<void()> calls) {
  const SharedNumber<std::uint32_t> thread;
  on_spawned_thread([=, calls = std::move(calls)] {
    thread.set(here());
    calls();
  });
  wait_for_the_end_of(thread.get());
}

void on_foreign_thread(std::function<void()> calls) {
  pthread_t thread{};
  const int created = ::pthread_create(
      &thread, nullptr,
      [](void* argument) -> void* {
        (*static_cast<std::function<void()>*>(argument))();
        return nullptr;
      },
      &calls);
  if (created != 0) {
    internal_error(fmt::format("the machine refused the suite a thread: errno {}", created));
  }
  // Cannot fail: the thread is joinable, and it is not the calling one.
  static_cast<void>(::pthread_join(thread, nullptr));
}

pid_t kernel_thread_id() {
  return static_cast<pid_t>(system_call(SYS_gettid));
}

}  // namespace heddle::conformance
