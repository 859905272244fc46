// What the process holds, so that a check can ask whether it all comes back.
//
// A leak is told from a cache by its growth: many rounds must cost less than a piece each. The
// rounds before the first count fill the caches of the runtime and of libc.
#pragma once

#include <fmt/format.h>
#include <malloc.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "stage/keys.hpp"
#include "stage/stage.hpp"

namespace heddle::conformance {

/// Counts the entries of a folder of /proc. Opens a descriptor meanwhile.
inline std::uint64_t count_entries(const char* folder) {
  std::uint64_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
    ++count;
  }
  return count;
}

/// Counts the pages of the process's address space. Mappings that the kernel merges with their
/// neighbours still count.
inline std::uint64_t count_pages() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages;
}

/// Counts the bytes that all of libc's arenas have given out. 0 where another allocator stands in
/// for libc's.
inline std::uint64_t count_heap_bytes() {
  return ::mallinfo2().uordblks;
}

/// Ends the case without a verdict where the heap's bytes are not counted.
inline void need_counted_heap() {
  constexpr std::size_t probe = 4096;
  const std::uint64_t before = count_heap_bytes();
  void* volatile const block = std::malloc(probe);  // volatile: else the compiler leaves it out
  const std::uint64_t after = count_heap_bytes();
  std::free(block);
  if (after < before + probe) {
    excuse("another allocator stands in for libc's, whose bytes are not counted");
  }
}

/// Resources of the process that can be counted one by one.
struct ProcessResources {
  std::uint64_t mappings = count_mappings();
  std::uint64_t descriptors = count_entries("/proc/self/fd");
  std::uint64_t kernel_threads = count_entries("/proc/self/task");
  std::uint64_t free_keys = count_free_keys();
};

inline constexpr int counted_rounds = 100;

/// Expects that fewer than one piece in a round stayed, on average.
inline void expect_little_growth(std::string_view pieces, std::uint64_t before,
                                 std::uint64_t after) {
  expect(after < before + counted_rounds,
         fmt::format("{} rounds leave less than {} {}", counted_rounds, counted_rounds, pieces),
         fmt::format("they leave {} more {}", after - before, pieces));
}

/// Expects that what a round takes of the process comes back. No other thread may run between the
/// rounds. Each stack is a mapping, and its guard another: so a leak of stacks shows twice.
template <class Round>
void expect_resources_come_back(Round round) {
  round();
  const ProcessResources before;
  for (int count = 0; count < counted_rounds; ++count) {
    round();
  }
  const ProcessResources after;
  expect_little_growth("mappings", before.mappings, after.mappings);
  expect_little_growth("descriptors", before.descriptors, after.descriptors);
  expect_little_growth("kernel threads", before.kernel_threads, after.kernel_threads);
  // The number of keys is small, so that a key in each round may use them up.
  expect(after.free_keys > 0 && before.free_keys < after.free_keys + counted_rounds,
         fmt::format("{} rounds leave the system's keys free", counted_rounds),
         fmt::format("of {} free keys {} are left", before.free_keys, after.free_keys));
}

/// Runs stretches of rounds until one of them adds fewer than `bound` of what `count` counts; ends
/// the case if none does. A cache fills up and then stays as it is, while what is lost grows with
/// every round: so only growth that goes on counts. `pieces` names what is counted, and `where` the
/// place.
template <class Count, class Round>
void expect_growth_to_end(std::string_view pieces, std::string_view where, Count count, int rounds,
                          std::uint64_t bound, Round round) {
  constexpr int stretches = 4;
  std::uint64_t before = 0;
  std::uint64_t after = count();
  for (int stretch = 0; stretch < stretches; ++stretch) {
    before = after;
    for (int number = 0; number < rounds; ++number) {
      round();
    }
    after = count();
    if (after < before + bound) {
      return;
    }
  }
  expect(false, fmt::format("{} rounds leave less than {} {} {}", rounds, bound, pieces, where),
         fmt::format("they leave {} {} more", after - before, pieces));
}

/// Expects that rounds leave fewer bytes on the heap than a block in each would be. The rounds must
/// allocate nothing in the suite.
template <class Round>
void expect_heap_comes_back(Round round) {
  constexpr int rounds_to_fill_caches = 50;
  constexpr int rounds = 500;
  constexpr std::uint64_t smallest_block = 16;
  need_counted_heap();
  for (int number = 0; number < rounds_to_fill_caches; ++number) {
    round();
  }
  expect_growth_to_end("bytes", "on the heap", count_heap_bytes, rounds, rounds * smallest_block,
                       round);
}

/// Expects that each round leaves fewer pages of address space than `bound`, on average.
template <class Round>
void expect_pages_come_back(int rounds, std::uint64_t bound, Round round) {
  round();
  expect_growth_to_end("pages", "of address space", count_pages, rounds,
                       static_cast<std::uint64_t>(rounds) * bound, round);
}

}  // namespace heddle::conformance
