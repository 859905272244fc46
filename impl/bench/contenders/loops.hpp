// The operations that every contender is measured by. Each is a loop in the contender's own
// language, so that the call into that language is paid once a batch. rust/main.rs mirrors this
// file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::bench {

/// Does one operation `iterations` times, and leaves the process as it found it.
using Loop = void (*)(std::size_t iterations);

/// Returns the number in one initialised thread local of the object (executable or shared library)
/// that the function belongs to. All these functions are called from the same loop: a call is so
/// short that the address of a loop of its own would decide the figure.
using Read = std::uint64_t (*)();

struct ThreadLocals {
  void (*prepare)(std::uint64_t number);  ///< writes all four: no compiler knows them then
  Read trivial;                           ///< initialised by a constant, no destructor
  Read constant;                          ///< initialised by a constant, with destructor
  Read lazy;                              ///< initialised at the first access, with destructor
  Read system_key;                        ///< like lazy, but over a key of the operating system
};

/// One contender's loops. A null loop is an operation that the contender does not offer.
struct Loops {
  const char* built_by;  ///< compiler and version
  Loop spawn_join;       ///< one thread that does nothing, 2 MiB of stack, no name
  Loop spawn_64_join;    ///< 64 such threads, all started before the first is joined
  Loop scope_8;          ///< a scope that spawns 8 such threads and waits
  Loop scope_64;
  Loop unpark_park;    ///< by the calling thread, for itself: the token is there
  Loop round_trip;     ///< two threads take turns: unpark the other, then park
  Loop catch_nothing;  ///< a call below a catch
  Loop panic_depth_1;  ///< a panic below one call, caught above it
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
