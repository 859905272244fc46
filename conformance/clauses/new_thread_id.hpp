// The id that a new thread takes.
#pragma once

#include <cstdint>

#include "stage/threads.hpp"
#include "stage/value.hpp"

namespace heddle::conformance {

/// Spawns a thread that does nothing, and joins it. Returns the id that it had. Needs the features
/// spawn, join, thread_handle, thread_id and handle_thread.
inline std::uint64_t id_of_a_new_thread() {
  const JoinHandle thread = spawn(nothing_to_do);
  const ThreadHandle handle = thread_of(thread);
  const std::uint64_t id = id_of(handle);
  drop(handle);
  expect(join(thread), returned());
  return id;
}

}  // namespace heddle::conformance
