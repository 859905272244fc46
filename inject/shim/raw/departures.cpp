#include "departures.hpp"

#include <atomic>
#include <cstddef>

#include "../fatal.hpp"
#include "processor.hpp"

namespace heddle::inject {
namespace {

using Target = std::atomic<std::uintptr_t>;

extern "C" {
extern const char heddle_inject_call_thunks[];
extern const char heddle_inject_compatible_call_thunks[];
extern const char heddle_inject_spawn_thunks[];
// 0 until claimed, then constant: a thread may be on its way through the thunk.
extern Target heddle_inject_call_targets[HEDDLE_INJECT_CALL_SITES];
extern Target heddle_inject_compatible_call_targets[HEDDLE_INJECT_COMPATIBLE_CALL_SITES];
extern Target heddle_inject_spawn_targets[HEDDLE_INJECT_SPAWN_SITES];
}

struct Table {
  const char* thunks;
  std::size_t thunk_size;
  Target* targets;
  std::size_t count;  // a power of two
};

Table table_of(Departure departure) {
  switch (departure) {
    case Departure::call:
      return {&heddle_inject_call_thunks[0], call_thunk_size, &heddle_inject_call_targets[0],
              HEDDLE_INJECT_CALL_SITES};
    case Departure::compatible_call:
      return {&heddle_inject_compatible_call_thunks[0], call_thunk_size,
              &heddle_inject_compatible_call_targets[0], HEDDLE_INJECT_COMPATIBLE_CALL_SITES};
    case Departure::spawn:
      break;
  }
  return {&heddle_inject_spawn_thunks[0], spawn_thunk_size, &heddle_inject_spawn_targets[0],
          HEDDLE_INJECT_SPAWN_SITES};
}

/// Claims the slot for `target` if it is free, and says whether it leads there now. Relaxed: only
/// the word is shared, and the thread that claims or finds it is the one that jumps through it.
bool claim(Target& slot, std::uintptr_t target) {
  std::uintptr_t seen = slot.load(std::memory_order_relaxed);
  if (seen == 0 && slot.compare_exchange_strong(seen, target, std::memory_order_relaxed)) {
    return true;
  }
  return seen == target;
}

}  // namespace

std::uintptr_t thunk_for(Departure departure, std::uintptr_t target) {
  const Table table = table_of(departure);
  // Fibonacci hashing, since neighbouring places differ only in a few low bits.
  const std::size_t start = (target * UINT64_C(0x9E3779B97F4A7C15)) >> 40;
  for (std::size_t probe = 0; probe < table.count; ++probe) {
    const std::size_t index = (start + probe) & (table.count - 1);
    if (claim(table.targets[index], target)) {
      return reinterpret_cast<std::uintptr_t>(table.thunks + index * table.thunk_size);
    }
  }
  fatal(
      {"the program makes system calls from more places than the raw layer can keep apart; run "
       "it without --raw"});
}

std::uintptr_t place_of_thunk(std::uintptr_t address) {
  const Table table = table_of(Departure::call);
  const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(table.thunks);
  if (offset >= table.count * table.thunk_size) {  // an address below the thunks wraps around
    return 0;
  }
  const std::uintptr_t behind_the_call =
      table.targets[offset / table.thunk_size].load(std::memory_order_relaxed);
  return offset % table.thunk_size == 0 ? behind_the_call - system_call_size : behind_the_call;
}

}  // namespace heddle::inject
