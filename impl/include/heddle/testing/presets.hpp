// Functions for tests alone: they put the runtime into states that a program hardly ever reaches.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::thread {
class Scope;
}

namespace heddle::testing {

/// Sets the number that the next thread gets.
void set_next_thread_id(std::uint64_t id);

/// Sets the scope's count of running threads.
void set_running_threads(const thread::Scope& scope, std::size_t count);

/// Sets the calling thread's information a second time, as the start of a thread does it.
void set_thread_info_again();

}  // namespace heddle::testing
