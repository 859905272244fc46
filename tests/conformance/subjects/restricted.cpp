// The subject that HEDDLE_TEST_BEHIND names, with no more of its table than the features ask for
// that HEDDLE_TEST_FEATURES lists, separated by commas. It has the profile that HEDDLE_TEST_PROFILE
// names, if that is set.
#include <dlfcn.h>
#include <heddle/subject.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "catalogue/feature.hpp"

namespace {

using heddle::conformance::Feature;

std::vector<Feature> listed_features() {
  std::vector<Feature> features;
  std::string_view rest = std::getenv("HEDDLE_TEST_FEATURES");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    for (int value = 0; value <= static_cast<int>(Feature::thread_sanitizer); ++value) {
      if (name_of(Feature{value}) == rest.substr(0, end)) {
        features.push_back(Feature{value});
      }
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return features;
}

heddle_entry entry_behind() {
  void* const library = dlopen(std::getenv("HEDDLE_TEST_BEHIND"), RTLD_NOW | RTLD_LOCAL);
  void* const entry = library == nullptr ? nullptr : dlsym(library, "heddle_subject");
  if (entry == nullptr) {
    static_cast<void>(std::fprintf(stderr, "restricted: %s\n", dlerror()));
    std::abort();
  }
  return reinterpret_cast<heddle_entry>(entry);
}

/// Only the first slot of each kind exists here. Whoever asks for another has not read the table.
const heddle_tls* tls_behind = nullptr;

void with_first(std::uint32_t storage, std::uint32_t slot, heddle_body body, heddle_cookie env,
                heddle_outcome* out) {
  if (slot > 0) {
    std::abort();
  }
  tls_behind->with(storage, slot, body, env, out);
}

void try_with_first(std::uint32_t storage, std::uint32_t slot, heddle_body body, heddle_cookie env,
                    heddle_outcome* out) {
  if (slot > 0) {
    std::abort();
  }
  tls_behind->try_with(storage, slot, body, env, out);
}

const heddle_keys* keys_behind = nullptr;

void get_first(std::uint32_t slot, heddle_outcome* out) {
  if (slot > 0) {
    std::abort();
  }
  keys_behind->static_get(slot, out);
}

void set_first(std::uint32_t slot, void* value, heddle_outcome* out) {
  if (slot > 0) {
    std::abort();
  }
  keys_behind->static_set(slot, value, out);
}

/// A copy of a table, from which members are taken away as long as all features are still offered.
class Restricted {
 public:
  Restricted(const heddle_subject_table& whole, std::vector<Feature> features)
      : table_(whole), features_(std::move(features)) {
    if (const char* const profile = std::getenv("HEDDLE_TEST_PROFILE")) {
      table_.profile = profile;
    }
    restrict_tables();
    if (table_.spawning != nullptr) {
      restrict_spawning();
    }
    if (table_.threads != nullptr) {
      auto& threads = own(table_.threads);
      restrict(threads.current, threads.clone, threads.drop, threads.id, threads.name,
               threads.unpark);
    }
    if (table_.parking != nullptr) {
      auto& parking = own(table_.parking);
      restrict(parking.park, parking.park_timeout);
    }
    if (table_.pausing != nullptr) {
      auto& pausing = own(table_.pausing);
      restrict(pausing.sleep, pausing.yield);
    }
    if (table_.scopes != nullptr) {
      auto& scopes = own(table_.scopes);
      restrict(scopes.scope, scopes.spawn, scopes.spawn_or_panic, scopes.join, scopes.drop,
               scopes.forget, scopes.is_finished, scopes.thread);
    }
    if (table_.panics != nullptr) {
      auto& panics = own(table_.panics);
      restrict(panics.catch_unwind, panics.panicking, panics.set_hook, panics.take_hook);
    }
    restrict_storage();
    if (table_.guard != nullptr) {
      restrict(own(table_.guard).range);
    }
    if (table_.process != nullptr) {
      auto& process = own(table_.process);
      restrict(process.start, process.cleanup, process.run_as_main, process.exit);
    }
    if (table_.presets != nullptr) {
      auto& presets = own(table_.presets);
      restrict(presets.next_thread_id, presets.scope_running, presets.set_thread_info);
    }
  }

  const heddle_subject_table& table() const { return table_; }

 private:
  void restrict_tables() {
    restrict(table_.spawning, table_.threads, table_.parking, table_.pausing, table_.scopes,
             table_.panics, table_.tls, table_.keys, table_.capture, table_.guard, table_.process,
             table_.presets);
  }

  void restrict_spawning() {
    auto& spawning = own(table_.spawning);
    restrict(spawning.spawn, spawning.spawn_or_panic, spawning.join, spawning.detach,
             spawning.forget, spawning.is_finished, spawning.thread, spawning.as_native,
             spawning.into_native);
  }

  void restrict_storage() {
    if (table_.tls != nullptr) {
      tls_behind = table_.tls;
      auto& tls = own(table_.tls);
      tls.with = with_first;
      tls.try_with = try_with_first;
      restrict(tls.with, tls.try_with, tls.set, tls.replace, tls.take);
      for (std::uint32_t& slots : tls.slots) {
        slots = std::min(slots, 1U);
        restrict(slots);
      }
    }
    if (table_.keys != nullptr) {
      keys_behind = table_.keys;
      auto& keys = own(table_.keys);
      keys.static_slots = std::min(keys.static_slots, 1U);
      keys.static_get = get_first;
      keys.static_set = set_first;
      restrict(keys.static_slots, keys.create, keys.destroy, keys.get, keys.set, keys.static_get,
               keys.static_set);
    }
    if (table_.capture != nullptr) {
      auto& capture = own(table_.capture);
      restrict(capture.new_sink, capture.drop_sink, capture.references, capture.read, capture.set,
               capture.print, capture.print_with);
    }
  }

  /// Replaces the part by a copy without the flags that no feature asks for. Never freed. Keeps
  /// HEDDLE_CARRIES_VALUE: the subject behind hands values back with or without it.
  template <typename Part>
  Part& own(const Part*& part) {
    auto* const copy = new Part(*part);
    part = copy;
    for (std::uint64_t flag = 1; flag != 0; flag <<= 1U) {
      const std::uint64_t flags = copy->flags;
      if (!std::is_same_v<Part, heddle_spawning> || flag != HEDDLE_CARRIES_VALUE) {
        copy->flags &= ~flag;
      }
      if (!offers_all()) {
        copy->flags = flags;
      }
    }
    return *copy;
  }

  template <typename... Members>
  void restrict(Members&... members) {
    (take_away(members), ...);
  }

  template <typename Member>
  void take_away(Member& member) {
    const Member had = std::exchange(member, Member{});
    if (!offers_all()) {
      member = had;
    }
  }

  bool offers_all() const {
    return std::ranges::all_of(features_, [&](Feature feature) { return offers(table_, feature); });
  }

  heddle_subject_table table_;
  std::vector<Feature> features_;
};

}  // namespace

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  static const Restricted restricted(*entry_behind()(host), listed_features());
  return &restricted.table();
}
