// What a contender is measured by: the same operations, each in a loop of the contender's own
// language, so that a call from here to there is paid once a batch. rust/main.rs mirrors it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::bench {

/// Does one operation so many times, and leaves the process as it found it.
using Loop = void (*)(std::size_t iterations);

/// The number in one thread local, which has been made, of the object (executable or shared
/// library) that the function belongs to. One call is too short for a loop of its own: where the
/// loop lies would decide. So all are called by the same one.
using Read = std::uint64_t (*)();

struct ThreadLocals {
  void (*prepare)(std::uint64_t number);  ///< writes, so that no compiler believes it knows them
  Read trivial;                           ///< a constant to begin with, no destructor
  Read constant;                          ///< a constant to begin with, with destructor
  Read lazy;                              ///< made at the first access, with destructor
  Read system_key;                        ///< as lazy, but over a key of the operating system
};

/// Null is what the contender does not offer.
struct Loops {
  const char* built_by;  ///< compiler and version
  Loop spawn_join;       ///< one thread that does nothing, 2 MiB of stack, no name
  Loop spawn_64_join;    ///< 64 of them alive before the first is joined
  Loop scope_8;          ///< a scope that spawns 8 of them and waits
  Loop scope_64;
  Loop unpark_park;    ///< of the calling thread: the token is there
  Loop round_trip;     ///< two threads: unpark the other, park until it unparks back
  Loop catch_nothing;  ///< a call below a catch
  Loop panic_depth_1;  ///< a panic below so many calls, caught above them
  Loop panic_depth_10;
  Loop panic_depth_10_destructors;  ///< with an object to destroy in each call
  Loop current_id;                  ///< who am I, as a number
  const ThreadLocals* in_executable;
  const ThreadLocals* in_shared_library;
};

const Loops& heddle_loops();
const Loops& libstdcxx_loops();
const Loops& floor_loops();

}  // namespace heddle::bench
