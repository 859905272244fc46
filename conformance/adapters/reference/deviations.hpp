// The clauses that this build of the reference breaks on purpose.
#pragma once

#include <heddle/subject.h>

#include <array>

namespace heddle::adapter {

#ifdef HEDDLE_FALLBACK_DESTRUCTOR_LIST

inline constexpr auto first_registered_first =
    "without libc's list of destructors, the first registered runs first, as in Rust";
inline constexpr auto information_dies_first =
    "without libc's list of destructors, the first registered runs first: the thread's information";
inline constexpr auto list_is_a_key =
    "without libc's list of destructors, one key of the system runs them, before or after others";

inline constexpr auto deviations = std::to_array<heddle_deviation>({
    {"JOIN-078", information_dies_first},
    {"JOIN-079", list_is_a_key},
    {"JOIN-080", list_is_a_key},
    {"JOIN-081", list_is_a_key},
    {"OUTPUT-308", list_is_a_key},
    {"OUTPUT-309", list_is_a_key},
    {"TLS-133", list_is_a_key},
    {"TLS-134", list_is_a_key},
    {"TLS-139", first_registered_first},
    {"TLS-140", first_registered_first},
    {"TLS-150", "the system runs no destructors of keys when the process exits"},
    {"TLS-159", information_dies_first},
    {"TLS-310", first_registered_first},
    {"TLS-323", first_registered_first},
    {"PARK-111", information_dies_first},
    {"SCOPE-203", information_dies_first},
});

#else

inline constexpr std::array<heddle_deviation, 0> deviations{};

#endif

}  // namespace heddle::adapter
