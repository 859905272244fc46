// Spawning, joining, and thread handles, in the vocabulary of checks.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stage/outcome.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A join handle of the subject. An object of this type is a reference: it may be copied, and the
/// handle is eaten once.
struct JoinHandle {
  void* handle = nullptr;
  bool scoped = false;
};

/// A thread handle of the subject. An object of this type is a reference.
struct ThreadHandle {
  void* handle = nullptr;
};

/// The settings of a thread to be spawned.
struct Settings {
  std::optional<std::string_view> name = std::nullopt;
  std::optional<std::uint64_t> stack_size = std::nullopt;  ///< bytes
};

/// @name Spawning. Without "try" the call must succeed, else the case ends.
/// @{
JoinHandle spawn(const Closure& body, const Settings& settings = {});
Outcome try_spawn(const Closure& body, const Settings& settings = {});
Outcome try_spawn_or_panic(const Closure& body);
JoinHandle spawn(Scope scope, const Closure& body, const Settings& settings = {});
Outcome try_spawn(Scope scope, const Closure& body, const Settings& settings = {});
Outcome try_spawn_or_panic(Scope scope, const Closure& body);
/// Returns the handle of a successful try.
JoinHandle handle_of(const Outcome& spawned);
/// Ends the case without a verdict if the runtime started the thread although the system had
/// refused one: a runtime may try again, or run the body on another thread. Joins that thread
/// first, and expects that `body` has run.
void need_refusal(const Outcome& spawned, const Closure& body);
/// @}

/// @name Join handles
/// @{
Outcome join(JoinHandle handle);  ///< eats
void detach(JoinHandle handle);   ///< eats: drops the handle, as its destructor does
/// Leaves a thread to itself in a check about something else: drops the handle if the subject can
/// do so, and otherwise keeps it. The thread ends with the case's process at the latest.
void leave(JoinHandle handle);
void forget(JoinHandle handle);  ///< eats: leaks it
bool is_finished(JoinHandle handle);
ThreadHandle thread_of(JoinHandle handle);
pthread_t native_of(JoinHandle handle);
pthread_t into_native(JoinHandle handle);  ///< eats: the caller joins it
/// Waits until is_finished() says so, if need be until the deadline of the case.
void wait_until_finished(JoinHandle handle);
/// @}

/// @name Thread handles
/// @{
ThreadHandle current_thread();
Outcome try_current_thread();
ThreadHandle clone(ThreadHandle handle);
void drop(ThreadHandle handle);  ///< eats
std::uint64_t id_of(ThreadHandle handle);
std::optional<std::string> name_of(ThreadHandle handle);
/// Returns the calling thread's id, or its name if it has one.
std::uint64_t own_id();
std::optional<std::string> own_name();
void unpark(ThreadHandle handle);
/// @}

/// @name Parking and pausing on the calling thread
/// @{
void park();
Outcome try_park();
void park_timeout(std::uint64_t seconds, std::uint32_t nanoseconds);
void sleep(std::uint64_t seconds, std::uint32_t nanoseconds);
Outcome try_sleep(std::uint64_t seconds, std::uint32_t nanoseconds);
void yield();
/// @}

/// Runs the body in a scope. The scope is the body's argument.
Outcome scope(const Closure& body);
/// Sets the scope's count of running threads.
void preset_running(Scope scope, std::uint64_t count);

/// @name Panics
/// @{
Outcome catch_unwind(const Closure& body);
/// Panics with "the first panic" below a local whose drop runs `action`, and catches the panic.
Outcome unwind_through(std::function<Ending()> action);
bool panicking();
/// Installs the suite's panic hook, which prints nothing and does what set_hook_action() says.
void set_hook();
/// Takes the hook out. The outcome's number is 1 if it was the suite's.
Outcome take_hook();
/// @}

/// Runs `calls` on a thread that the subject starts, and joins it.
void on_spawned_thread(std::function<void()> calls);

/// Waits until the thread with this serial number is gone, including its locals' destructors, for
/// which join need not wait. Ends the case without a verdict if the runtime keeps the kernel
/// thread.
void wait_for_the_end_of(std::uint32_t thread);

/// Runs `calls` on a thread that the subject starts, joins it, and waits for its end.
void on_ended_thread(std::function<void()> calls);

/// Runs `calls` on a thread that the subject did not start, to its end.
void on_foreign_thread(std::function<void()> calls);

/// Returns the kernel's number of the calling thread.
pid_t kernel_thread_id();

}  // namespace heddle::conformance
