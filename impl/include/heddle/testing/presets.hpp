// Doors that only tests need: they put the runtime into states that no program lives to see.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::thread {
class Scope;
}

namespace heddle::testing {

/// The next thread gets this number.
void set_next_thread_id(std::uint64_t id);

/// The scope counts this many running threads.
void set_running_threads(const thread::Scope& scope, std::size_t count);

/// Sets the calling thread's information, as its start does, although it is set.
void set_thread_info_again();

}  // namespace heddle::testing
