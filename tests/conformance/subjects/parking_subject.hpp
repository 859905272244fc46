// The table of a subject that spawns, joins and parks, and offers nothing else.
#pragma once

#include <heddle/adapter.hpp>

namespace heddle::tests {

/// The runtime's functions, by their names in subject.h.
struct ParkingFunctions {
  decltype(heddle_spawning::spawn) spawn;
  decltype(heddle_spawning::join) join;
  decltype(heddle_threads::current) current;
  decltype(heddle_threads::clone) clone;
  decltype(heddle_threads::drop) drop;
  decltype(heddle_threads::id) id;
  decltype(heddle_threads::unpark) unpark;
  decltype(heddle_parking::park) park;
};

/// Does what heddle_subject() has to do. Call it from there.
inline const heddle_subject_table* enter_parking_subject(const heddle_host* host, const char* name,
                                                         const ParkingFunctions& functions) {
  static heddle_spawning spawning{};
  spawning.size = sizeof spawning;
  spawning.spawn = functions.spawn;
  spawning.join = functions.join;
  static heddle_threads threads{};
  threads.size = sizeof threads;
  threads.current = functions.current;
  threads.clone = functions.clone;
  threads.drop = functions.drop;
  threads.id = functions.id;
  threads.unpark = functions.unpark;
  static heddle_parking parking{};
  parking.size = sizeof parking;
  parking.park = functions.park;
  static heddle_subject_table table = kit::subject_named(name, "0");
  table.spawning = &spawning;
  table.threads = &threads;
  table.parking = &parking;
  return kit::enter(host, table);
}

}  // namespace heddle::tests
