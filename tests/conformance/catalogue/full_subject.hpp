// A subject's table that offers everything, and what is lost with a part of it.
#pragma once

#include <heddle/subject.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string_view>

#include "catalogue/feature.hpp"
#include "catalogue/instrumentation.hpp"
#include "runner/loaded_subject.hpp"

namespace heddle::conformance::views {

inline constexpr std::uint64_t every_spawning_flag =
    HEDDLE_CARRIES_VALUE | HEDDLE_CARRIES_PANIC | HEDDLE_TAKES_NAME | HEDDLE_TAKES_STACK_SIZE |
    HEDDLE_REPORTS_ERRNO | HEDDLE_TAKES_ANY_NAME | HEDDLE_JOIN_AWAITS_LOCALS;

/// A table that offers everything, and whose functions do nothing: none is called.
struct FullSubject : WholeTable {
  FullSubject() {
    const auto nothing = [](heddle_outcome*) {};
    const auto of_handle = [](void*, heddle_outcome*) {};
    const auto of_body = [](heddle_body, heddle_cookie, heddle_outcome*) {};
    const auto of_slot = [](std::uint32_t, std::uint32_t, heddle_body, heddle_cookie,
                            heddle_outcome*) {};
    const auto of_cell = [](std::uint32_t, std::uint32_t, heddle_cookie, heddle_outcome*) {};
    const auto of_time = [](std::uint64_t, std::uint32_t, heddle_outcome*) {};
    spawning = {sizeof(spawning),
                every_spawning_flag,
                [](const heddle_builder*, heddle_body, heddle_cookie, heddle_outcome*) {},
                of_body,
                of_handle,
                of_handle,
                of_handle,
                of_handle,
                of_handle,
                of_handle,
                of_handle};
    threads = {sizeof(threads), HEDDLE_UNIQUE_IDS, nothing,   of_handle,
               of_handle,       of_handle,         of_handle, of_handle};
    parking = {sizeof(parking), 0, nothing, of_time};
    pausing = {sizeof(pausing), HEDDLE_SLEEPS_WHOLE, of_time, nothing};
    scopes = {sizeof(scopes),
              HEDDLE_SCOPE_PANICS,
              of_body,
              [](void*, const heddle_builder*, heddle_body, heddle_cookie, heddle_outcome*) {},
              [](void*, heddle_body, heddle_cookie, heddle_outcome*) {},
              of_handle,
              of_handle,
              of_handle,
              of_handle,
              of_handle};
    panics = {sizeof(panics),
              HEDDLE_TYPED_PAYLOADS,
              of_body,
              nothing,
              [](std::uint32_t, heddle_outcome*) {},
              nothing};
    tls = {sizeof(tls),
           0,
           {1, 1, 1, 1, 1, 1, 1, 1},
           of_slot,
           of_slot,
           of_cell,
           of_cell,
           [](std::uint32_t, std::uint32_t, heddle_outcome*) {}};
    guard = {sizeof(guard), 0, nothing};
    process = {sizeof(process), 0, nothing, nothing, of_body, [](std::int32_t) {}};
    keys = {sizeof(keys),
            0,
            1,
            0,
            [](void (*)(void*), heddle_outcome*) {},
            of_handle,
            of_handle,
            [](void*, void*, heddle_outcome*) {},
            [](std::uint32_t, heddle_outcome*) {},
            [](std::uint32_t, void*, heddle_outcome*) {}};
    capture = {sizeof(capture),
               0,
               nothing,
               of_handle,
               of_handle,
               of_handle,
               of_handle,
               [](std::uint32_t, const char*, std::size_t, heddle_outcome*) {},
               [](std::uint32_t, heddle_body, heddle_cookie, heddle_outcome*) {}};
    presets = {sizeof(presets), 0, [](std::uint64_t, heddle_outcome*) {},
               [](void*, std::uint64_t, heddle_outcome*) {}, nothing};
    table.flags = HEDDLE_BUILT_WITH_TSAN;
    table.spawning = &spawning;
    table.threads = &threads;
    table.parking = &parking;
    table.pausing = &pausing;
    table.scopes = &scopes;
    table.panics = &panics;
    table.tls = &tls;
    table.guard = &guard;
    table.process = &process;
    table.keys = &keys;
    table.capture = &capture;
    table.presets = &presets;
  }
  FullSubject(const FullSubject&) = delete;
  FullSubject& operator=(const FullSubject&) = delete;
};

inline constexpr int feature_count = static_cast<int>(Feature::thread_sanitizer) + 1;

// The last one is offered by no table alone: the suite has to be built with ThreadSanitizer, too.
inline constexpr int offerable_count = thread_sanitizer_build ? feature_count : feature_count - 1;

/// Returns the features that the subject no longer offers once `change` is made to it.
inline std::set<std::string_view> lost_by(const std::function<void(FullSubject&)>& change) {
  FullSubject subject;
  change(subject);
  std::set<std::string_view> lost;
  for (int number = 0; number < offerable_count; ++number) {
    const auto feature = static_cast<Feature>(number);
    if (!offers(subject.table, feature)) {
      lost.insert(name_of(feature));
    }
  }
  return lost;
}

}  // namespace heddle::conformance::views
