#include "catalogue/feature.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "catalogue/instrumentation.hpp"

namespace heddle::conformance {
namespace {

constexpr std::array<std::pair<Feature, std::string_view>, 36> feature_names = {{
    {Feature::spawn, "spawn"},
    {Feature::spawn_or_panic, "panicking spawn"},
    {Feature::thread_values, "thread values"},
    {Feature::thread_panics, "thread panics"},
    {Feature::is_finished, "is_finished"},
    {Feature::forget, "forget"},
    {Feature::into_native, "native handles"},
    {Feature::names, "thread names"},
    {Feature::stack_size, "stack size"},
    {Feature::thread_handle, "thread handles"},
    {Feature::handle_thread, "threads of join handles"},
    {Feature::park, "park"},
    {Feature::park_timeout, "park_timeout"},
    {Feature::sleep, "sleep"},
    {Feature::yield, "yield"},
    {Feature::scope, "scope"},
    {Feature::scope_is_finished, "is_finished in scopes"},
    {Feature::panic, "panics"},
    {Feature::panicking, "panicking"},
    {Feature::hook, "panic hook"},
    {Feature::tls_lazy, "thread locals"},
    {Feature::tls_plain, "plain thread locals"},
    {Feature::tls_const, "constant thread locals"},
    {Feature::tls_cell, "Cell thread locals"},
    {Feature::tls_refcell, "RefCell thread locals"},
    {Feature::tls_os, "thread locals over system keys"},
    {Feature::tls_access_error, "thread-local access errors"},
    {Feature::overflow_report, "stack overflow reports"},
    {Feature::guard_range, "stack guards"},
    {Feature::start, "start of the runtime"},
    {Feature::keys, "keys of the system"},
    {Feature::static_keys, "static keys of the system"},
    {Feature::output_capture, "output capture"},
    {Feature::preset_thread_id, "preset of thread ids"},
    {Feature::preset_scope, "preset of scope counts"},
    {Feature::thread_sanitizer, "ThreadSanitizer build"},
}};

// Whether the table is there and has all of these functions.
template <class Table, class... Functions>
bool has(const Table* table, Functions Table::*... functions) {
  return table != nullptr && ((table->*functions != nullptr) && ...);
}

bool has_spawning_flag(const heddle_subject_table& subject, heddle_spawning_flag flag) {
  return subject.spawning != nullptr && (subject.spawning->flags & flag) != 0;
}

// Clauses ask the same of the threads of a scope: a subject that has scopes has it there as well.
template <class Function>
bool scopes_agree(const heddle_subject_table& subject, Function heddle_scopes::*function) {
  return subject.scopes == nullptr || has(subject.scopes, function);
}

bool has_slots(const heddle_subject_table& subject, heddle_storage storage) {
  return has(subject.tls, &heddle_tls::with) && subject.tls->slots[storage] > 0;
}

bool has_cells(const heddle_subject_table& subject, heddle_storage storage) {
  return has_slots(subject, storage) &&
         has(subject.tls, &heddle_tls::set, &heddle_tls::replace, &heddle_tls::take);
}

bool offers_spawning(const heddle_subject_table& subject, Feature feature) {
  using Table = heddle_spawning;
  if (!has(subject.spawning, &Table::spawn, &Table::join, &Table::detach)) {
    return false;
  }
  switch (feature) {
    case Feature::spawn_or_panic:
      return has(subject.spawning, &Table::spawn_or_panic) &&
             scopes_agree(subject, &heddle_scopes::spawn_or_panic);
    case Feature::thread_values:
      return has_spawning_flag(subject, HEDDLE_CARRIES_VALUE);
    case Feature::thread_panics:  // without the table of panics no body is asked for one
      return has_spawning_flag(subject, HEDDLE_CARRIES_PANIC) && subject.panics != nullptr;
    case Feature::is_finished:
      return has(subject.spawning, &Table::is_finished);
    case Feature::forget:
      return has(subject.spawning, &Table::forget) && scopes_agree(subject, &heddle_scopes::forget);
    case Feature::into_native:
      return has(subject.spawning, &Table::as_native, &Table::into_native);
    case Feature::handle_thread:
      return has(subject.spawning, &Table::thread) && has(subject.threads, &heddle_threads::drop) &&
             scopes_agree(subject, &heddle_scopes::thread);
    case Feature::stack_size:
      return has_spawning_flag(subject, HEDDLE_TAKES_STACK_SIZE);
    default:  // spawn
      return true;
  }
}

bool offers_threads(const heddle_subject_table& subject, Feature feature) {
  using Table = heddle_threads;
  if (!has(subject.threads, &Table::current, &Table::drop)) {
    return false;
  }
  switch (feature) {
    case Feature::names:
      return has(subject.threads, &Table::name) && has_spawning_flag(subject, HEDDLE_TAKES_NAME) &&
             offers(subject, Feature::spawn);
    case Feature::park:
      return has(subject.threads, &Table::unpark) && has(subject.parking, &heddle_parking::park);
    case Feature::park_timeout:
      return has(subject.threads, &Table::unpark) &&
             has(subject.parking, &heddle_parking::park_timeout);
    default:  // thread_handle
      return has(subject.threads, &Table::clone, &Table::id);
  }
}

bool offers_scopes(const heddle_subject_table& subject, Feature feature) {
  using Table = heddle_scopes;
  return has(subject.scopes, &Table::scope, &Table::spawn, &Table::join, &Table::drop) &&
         (feature == Feature::scope || has(subject.scopes, &Table::is_finished));
}

bool offers_panics(const heddle_subject_table& subject, Feature feature) {
  using Table = heddle_panics;
  if (!has(subject.panics, &Table::catch_unwind)) {
    return false;
  }
  switch (feature) {
    case Feature::panicking:
      return has(subject.panics, &Table::panicking);
    case Feature::hook:
      return has(subject.panics, &Table::set_hook, &Table::take_hook);
    default:  // panic
      return true;
  }
}

bool offers_tls(const heddle_subject_table& subject, Feature feature) {
  switch (feature) {
    case Feature::tls_lazy:
      return has_slots(subject, HEDDLE_STORAGE_LAZY);
    case Feature::tls_plain:
      return has_slots(subject, HEDDLE_STORAGE_LAZY_PLAIN);
    case Feature::tls_const:
      return has_slots(subject, HEDDLE_STORAGE_CONST);
    case Feature::tls_cell:
      return has_cells(subject, HEDDLE_STORAGE_CELL);
    case Feature::tls_refcell:
      return has_cells(subject, HEDDLE_STORAGE_REFCELL);
    case Feature::tls_os:
      return has_slots(subject, HEDDLE_STORAGE_OS);
    default:  // tls_access_error
      return has(subject.tls, &heddle_tls::with, &heddle_tls::try_with);
  }
}

bool offers_guard(const heddle_subject_table& subject, Feature feature) {
  const bool owns_main = (subject.flags & HEDDLE_OWNS_MAIN) != 0;
  const bool can_start = !owns_main && has(subject.process, &heddle_process::start);
  switch (feature) {
    case Feature::guard_range:
      return (owns_main || can_start) && has(subject.guard, &heddle_guard::range);
    case Feature::start:
      return can_start;
    default:  // overflow_report
      return (owns_main || can_start) && subject.guard != nullptr;
  }
}

bool offers_output_capture(const heddle_subject_table& subject) {
  using Table = heddle_capture;
  return has(subject.capture, &Table::new_sink, &Table::drop_sink, &Table::references, &Table::read,
             &Table::set, &Table::print, &Table::print_with);
}

}  // namespace

std::string_view name_of(Feature feature) {
  for (const auto& [named, name] : feature_names) {
    if (named == feature) {
      return name;
    }
  }
  return "unknown";
}

bool offers(const heddle_subject_table& subject, Feature feature) {
  switch (feature) {
    case Feature::spawn:
    case Feature::spawn_or_panic:
    case Feature::thread_values:
    case Feature::thread_panics:
    case Feature::is_finished:
    case Feature::forget:
    case Feature::into_native:
    case Feature::stack_size:
    case Feature::handle_thread:
      return offers_spawning(subject, feature);
    case Feature::names:
    case Feature::thread_handle:
    case Feature::park:
    case Feature::park_timeout:
      return offers_threads(subject, feature);
    case Feature::sleep:
      return has(subject.pausing, &heddle_pausing::sleep);
    case Feature::yield:
      return has(subject.pausing, &heddle_pausing::yield);
    case Feature::scope:
    case Feature::scope_is_finished:
      return offers_scopes(subject, feature);
    case Feature::panic:
    case Feature::panicking:
    case Feature::hook:
      return offers_panics(subject, feature);
    case Feature::tls_lazy:
    case Feature::tls_plain:
    case Feature::tls_const:
    case Feature::tls_cell:
    case Feature::tls_refcell:
    case Feature::tls_os:
    case Feature::tls_access_error:
      return offers_tls(subject, feature);
    case Feature::overflow_report:
    case Feature::guard_range:
    case Feature::start:
      return offers_guard(subject, feature);
    case Feature::keys:
      return has(subject.keys, &heddle_keys::create, &heddle_keys::destroy, &heddle_keys::get,
                 &heddle_keys::set);
    case Feature::static_keys:
      return has(subject.keys, &heddle_keys::static_get, &heddle_keys::static_set) &&
             subject.keys->static_slots > 0;
    case Feature::output_capture:
      return offers_output_capture(subject);
    case Feature::preset_thread_id:
      return has(subject.presets, &heddle_presets::next_thread_id);
    case Feature::preset_scope:
      return has(subject.presets, &heddle_presets::scope_running);
    case Feature::thread_sanitizer:
      return thread_sanitizer_build && (subject.flags & HEDDLE_BUILT_WITH_TSAN) != 0;
  }
  return false;
}

std::optional<Feature> first_missing(const heddle_subject_table& subject,
                                     std::span<const Feature> features) {
  const auto missing = std::find_if(features.begin(), features.end(),
                                    [&](Feature feature) { return !offers(subject, feature); });
  return missing == features.end() ? std::nullopt : std::optional(*missing);
}

}  // namespace heddle::conformance
