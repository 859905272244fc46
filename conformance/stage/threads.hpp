// Spawning, joining, and thread handles, as a check speaks of them.
#pragma once

#include <pthread.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "stage/outcome.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// A join handle of the subject's. Names it only: may be copied, is eaten once.
struct JoinHandle {
  void* handle = nullptr;
  bool scoped = false;
};

/// A thread handle of the subject's. Names it only.
struct ThreadHandle {
  void* handle = nullptr;
};

/// What a thread is asked to be.
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
/// Ends the case without a verdict when the runtime started the thread although the system had
/// refused one: it may try again, or run the body on another thread. Joins that thread first, and
/// expects that `body` has run.
void need_refusal(const Outcome& spawned, const Closure& body);
/// @}

/// @name Join handles
/// @{
Outcome join(JoinHandle handle);  ///< eats
void detach(JoinHandle handle);   ///< eats: drops the handle, as its destructor does
/// Leaves the thread to itself in a check that is about something else: drops the handle if the
/// subject can, and keeps it otherwise. The thread ends with the case's process at the latest.
void leave(JoinHandle handle);
void forget(JoinHandle handle);  ///< eats: leaks it
bool is_finished(JoinHandle handle);
ThreadHandle thread_of(JoinHandle handle);
pthread_t native_of(JoinHandle handle);
pthread_t into_native(JoinHandle handle);  ///< eats: the caller joins it
/// Returns once is_finished() says so; hangs until the deadline otherwise.
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

/// Runs the body in a scope, which the body takes as its argument.
Outcome scope(const Closure& body);
/// Makes the scope believe that so many threads run in it.
void preset_running(Scope scope, std::uint64_t count);

/// @name Panics
/// @{
Outcome catch_unwind(const Closure& body);
/// Panics with "the first panic" below a local whose drop runs `action`, and catches that panic.
Outcome unwind_through(std::function<Ending()> action);
bool panicking();
/// Makes the panic hook the suite's, which is quiet and does what set_hook_action() says.
void set_hook();
/// @}

/// Runs `calls` on a thread that the subject starts, and joins it.
void on_spawned_thread(std::function<void()> calls);

/// Returns once the thread with this serial number is gone, its locals' destructors and all, which
/// join need not wait for. Ends the case without a verdict where the runtime keeps the kernel's
/// thread.
void wait_for_the_end_of(std::uint32_t thread);

/// Runs `calls` on a thread that the subject starts, joins it, and waits for its end.
void on_ended_thread(std::function<void()> calls);

/// Runs `calls` on a thread that the subject did not start, to its end.
void on_foreign_thread(std::function<void()> calls);

/// Returns the kernel's number of the calling thread.
pid_t kernel_thread_id();

}  // namespace heddle::conformance
