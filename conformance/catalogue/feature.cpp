#include "catalogue/feature.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "catalogue/instrumentation.hpp"

namespace heddle::conformance {
namespace {

constexpr std::array<std::pair<Feature, std::string_view>, 56> feature_names = {{
    {Feature::spawn, "spawn"},
    {Feature::join, "join"},
    {Feature::detach, "detach"},
    {Feature::spawn_or_panic, "panicking spawn"},
    {Feature::thread_values, "thread values"},
    {Feature::thread_panics, "thread panics"},
    {Feature::is_finished, "is_finished"},
    {Feature::forget, "forget"},
    {Feature::into_native, "native handles"},
    {Feature::names, "thread names"},
    {Feature::stack_size, "stack size"},
    {Feature::thread_handle, "thread handles"},
    {Feature::thread_clone, "clones of thread handles"},
    {Feature::thread_id, "thread ids"},
    {Feature::handle_thread, "threads of join handles"},
    {Feature::park, "park"},
    {Feature::park_timeout, "park_timeout"},
    {Feature::sleep, "sleep"},
    {Feature::yield, "yield"},
    {Feature::scope, "scope"},
    {Feature::scope_join, "join in scopes"},
    {Feature::scope_drop, "drop of join handles in scopes"},
    {Feature::scope_is_finished, "is_finished in scopes"},
    {Feature::panic, "panics"},
    {Feature::panicking, "panicking"},
    {Feature::hook, "panic hook"},
    {Feature::tls_lazy, "thread locals"},
    {Feature::tls_plain, "plain thread locals"},
    {Feature::tls_const, "constant thread locals"},
    {Feature::tls_const_plain, "plain constant thread locals"},
    {Feature::tls_cell, "Cell thread locals"},
    {Feature::tls_refcell, "RefCell thread locals"},
    {Feature::tls_os, "thread locals over system keys"},
    {Feature::tls_os_plain, "plain thread locals over system keys"},
    {Feature::tls_access_error, "thread-local access errors"},
    {Feature::overflow_report, "stack overflow reports"},
    {Feature::guard_range, "stack guards"},
    {Feature::start, "start of the runtime"},
    {Feature::cleanup, "end of the runtime"},
    {Feature::run_as_main, "bodies as main"},
    {Feature::exit, "exit"},
    {Feature::keys, "keys of the system"},
    {Feature::static_keys, "static keys of the system"},
    {Feature::output_capture, "output capture"},
    {Feature::preset_thread_id, "preset of thread ids"},
    {Feature::preset_scope, "preset of scope counts"},
    {Feature::preset_thread_info, "preset of thread information"},
    {Feature::errnos, "errnos of refused spawns"},
    {Feature::any_name, "thread names of any length"},
    {Feature::unique_ids, "thread ids that are never reused"},
    {Feature::join_awaits_locals, "join after thread locals"},
    {Feature::whole_sleeps, "sleeps that signals do not end"},
    {Feature::scope_panics, "panics of scopes for their threads"},
    {Feature::payload_types, "typed payloads"},
    {Feature::kernel_threads, "kernel threads that end with their bodies"},
    {Feature::thread_sanitizer, "ThreadSanitizer build"},
}};

// One demand of a feature on the subject's table.
struct Demand {
  std::string_view name;  // as in subject.h: "heddle_parking.park"
  bool (*has_table)(const heddle_subject_table&);
  bool (*met)(const heddle_subject_table&);  // asked only if the table is there
};
using Demands = std::vector<Demand>;

bool always(const heddle_subject_table& /*subject*/) {
  return true;
}

template <auto table>
bool has_table(const heddle_subject_table& subject) {
  return subject.*table != nullptr;
}

template <auto table, auto function>
Demand function_of(std::string_view name) {
  return {name, has_table<table>, [](const heddle_subject_table& subject) {
            return (subject.*table)->*function != nullptr;
          }};
}

using Subject = heddle_subject_table;

template <auto function>
Demand spawning(std::string_view name) {
  return function_of<&Subject::spawning, function>(name);
}

template <heddle_spawning_flag flag>
Demand spawning_flag(std::string_view name) {
  return {name, has_table<&Subject::spawning>,
          [](const Subject& subject) { return (subject.spawning->flags & flag) != 0; }};
}

template <auto function>
Demand threads(std::string_view name) {
  return function_of<&Subject::threads, function>(name);
}

template <auto function>
Demand scopes(std::string_view name) {
  return function_of<&Subject::scopes, function>(name);
}

// Returns the demand of a feature that clauses ask about both outside and inside scopes: a subject
// with scopes must offer it there, too.
template <auto function>
Demand scopes_if_any(std::string_view name) {
  return {name, always, [](const Subject& subject) {
            return subject.scopes == nullptr || subject.scopes->*function != nullptr;
          }};
}

template <auto function>
Demand panics(std::string_view name) {
  return function_of<&Subject::panics, function>(name);
}

template <auto function>
Demand tls(std::string_view name) {
  return function_of<&Subject::tls, function>(name);
}

template <heddle_storage storage>
Demands slots(std::string_view name) {
  return {tls<&heddle_tls::with>("heddle_tls.with"),
          {name, has_table<&Subject::tls>,
           [](const Subject& subject) { return subject.tls->slots[storage] > 0; }}};
}

template <heddle_storage storage>
Demands cells(std::string_view name) {
  Demands demands = slots<storage>(name);
  demands.push_back(tls<&heddle_tls::set>("heddle_tls.set"));
  demands.push_back(tls<&heddle_tls::replace>("heddle_tls.replace"));
  demands.push_back(tls<&heddle_tls::take>("heddle_tls.take"));
  return demands;
}

template <auto function>
Demand keys(std::string_view name) {
  return function_of<&Subject::keys, function>(name);
}

template <auto function>
Demand capture(std::string_view name) {
  return function_of<&Subject::capture, function>(name);
}

// Demands only the table of panics: catch_unwind belongs to another feature.
Demand panics_at_all() {
  return {"heddle_panics", has_table<&Subject::panics>, always};
}

Demands of_spawning(Feature feature) {
  using Table = heddle_spawning;
  switch (feature) {
    case Feature::join:
      return {spawning<&Table::join>("heddle_spawning.join")};
    case Feature::detach:
      return {spawning<&Table::detach>("heddle_spawning.detach")};
    case Feature::spawn_or_panic:
      return {spawning<&Table::spawn_or_panic>("heddle_spawning.spawn_or_panic"),
              scopes_if_any<&heddle_scopes::spawn_or_panic>("heddle_scopes.spawn_or_panic")};
    case Feature::thread_values:
      return {spawning_flag<HEDDLE_CARRIES_VALUE>("heddle_spawning.flags (HEDDLE_CARRIES_VALUE)")};
    case Feature::thread_panics:  // without the table of panics no body is asked for one
      return {spawning_flag<HEDDLE_CARRIES_PANIC>("heddle_spawning.flags (HEDDLE_CARRIES_PANIC)"),
              panics_at_all()};
    case Feature::is_finished:
      return {spawning<&Table::is_finished>("heddle_spawning.is_finished")};
    case Feature::forget:
      return {spawning<&Table::forget>("heddle_spawning.forget"),
              scopes_if_any<&heddle_scopes::forget>("heddle_scopes.forget")};
    case Feature::into_native:
      return {spawning<&Table::as_native>("heddle_spawning.as_native"),
              spawning<&Table::into_native>("heddle_spawning.into_native")};
    case Feature::handle_thread:
      return {spawning<&Table::thread>("heddle_spawning.thread"),
              threads<&heddle_threads::drop>("heddle_threads.drop"),
              scopes_if_any<&heddle_scopes::thread>("heddle_scopes.thread")};
    case Feature::stack_size:
      return {spawning<&Table::spawn>("heddle_spawning.spawn"),
              spawning_flag<HEDDLE_TAKES_STACK_SIZE>(
                  "heddle_spawning.flags (HEDDLE_TAKES_STACK_SIZE)")};
    default:  // spawn
      return {spawning<&Table::spawn>("heddle_spawning.spawn")};
  }
}

Demands of_threads(Feature feature) {
  using Table = heddle_threads;
  Demands demands = {threads<&Table::current>("heddle_threads.current"),
                     threads<&Table::drop>("heddle_threads.drop")};
  const auto add = [&](std::initializer_list<Demand> more) { demands.insert(demands.end(), more); };
  switch (feature) {
    case Feature::thread_clone:
      add({threads<&Table::clone>("heddle_threads.clone")});
      break;
    case Feature::thread_id:
      add({threads<&Table::id>("heddle_threads.id")});
      break;
    case Feature::names:
      add({threads<&Table::name>("heddle_threads.name"),
           spawning<&heddle_spawning::spawn>("heddle_spawning.spawn"),
           spawning_flag<HEDDLE_TAKES_NAME>("heddle_spawning.flags (HEDDLE_TAKES_NAME)")});
      break;
    case Feature::park:
      add({threads<&Table::unpark>("heddle_threads.unpark"),
           function_of<&Subject::parking, &heddle_parking::park>("heddle_parking.park")});
      break;
    case Feature::park_timeout:
      add({threads<&Table::unpark>("heddle_threads.unpark"),
           function_of<&Subject::parking, &heddle_parking::park_timeout>(
               "heddle_parking.park_timeout")});
      break;
    default:  // thread_handle
      break;
  }
  return demands;
}

Demands of_scopes(Feature feature) {
  using Table = heddle_scopes;
  switch (feature) {
    case Feature::scope_join:
      return {scopes<&Table::join>("heddle_scopes.join")};
    case Feature::scope_drop:
      return {scopes<&Table::drop>("heddle_scopes.drop")};
    case Feature::scope_is_finished:
      return {scopes<&Table::is_finished>("heddle_scopes.is_finished")};
    default:  // scope
      return {scopes<&Table::scope>("heddle_scopes.scope"),
              scopes<&Table::spawn>("heddle_scopes.spawn")};
  }
}

Demands of_panics(Feature feature) {
  using Table = heddle_panics;
  Demands demands = {panics<&Table::catch_unwind>("heddle_panics.catch_unwind")};
  if (feature == Feature::panicking) {
    demands.push_back(panics<&Table::panicking>("heddle_panics.panicking"));
  } else if (feature == Feature::hook) {
    demands.push_back(panics<&Table::set_hook>("heddle_panics.set_hook"));
    demands.push_back(panics<&Table::take_hook>("heddle_panics.take_hook"));
  }
  return demands;
}

Demands of_tls(Feature feature) {
  switch (feature) {
    case Feature::tls_lazy:
      return slots<HEDDLE_STORAGE_LAZY>("heddle_tls.slots[HEDDLE_STORAGE_LAZY]");
    case Feature::tls_plain:
      return slots<HEDDLE_STORAGE_LAZY_PLAIN>("heddle_tls.slots[HEDDLE_STORAGE_LAZY_PLAIN]");
    case Feature::tls_const:
      return slots<HEDDLE_STORAGE_CONST>("heddle_tls.slots[HEDDLE_STORAGE_CONST]");
    case Feature::tls_const_plain:
      return slots<HEDDLE_STORAGE_CONST_PLAIN>("heddle_tls.slots[HEDDLE_STORAGE_CONST_PLAIN]");
    case Feature::tls_cell:
      return cells<HEDDLE_STORAGE_CELL>("heddle_tls.slots[HEDDLE_STORAGE_CELL]");
    case Feature::tls_refcell:
      return cells<HEDDLE_STORAGE_REFCELL>("heddle_tls.slots[HEDDLE_STORAGE_REFCELL]");
    case Feature::tls_os:
      return slots<HEDDLE_STORAGE_OS>("heddle_tls.slots[HEDDLE_STORAGE_OS]");
    case Feature::tls_os_plain:
      return slots<HEDDLE_STORAGE_OS_PLAIN>("heddle_tls.slots[HEDDLE_STORAGE_OS_PLAIN]");
    default:  // tls_access_error
      return {tls<&heddle_tls::with>("heddle_tls.with"),
              tls<&heddle_tls::try_with>("heddle_tls.try_with")};
  }
}

bool owns_main(const Subject& subject) {
  return (subject.flags & HEDDLE_OWNS_MAIN) != 0;
}

Demands of_guard(Feature feature) {
  const Demand can_start = {"a start by the suite (heddle_process.start)", always,
                            [](const Subject& subject) {
                              return !owns_main(subject) && subject.process != nullptr &&
                                     subject.process->start != nullptr;
                            }};
  const Demand is_started = {"heddle_process.start", always, [](const Subject& subject) {
                               return owns_main(subject) || (subject.process != nullptr &&
                                                             subject.process->start != nullptr);
                             }};
  switch (feature) {
    case Feature::guard_range:
      return {is_started, function_of<&Subject::guard, &heddle_guard::range>("heddle_guard.range")};
    case Feature::start:
      return {can_start};
    default:  // overflow_report
      return {is_started, {"heddle_guard", has_table<&Subject::guard>, always}};
  }
}

Demands of_keys(Feature feature) {
  using Table = heddle_keys;
  if (feature == Feature::static_keys) {
    return {keys<&Table::static_get>("heddle_keys.static_get"),
            keys<&Table::static_set>("heddle_keys.static_set"),
            {"heddle_keys.static_slots", has_table<&Subject::keys>,
             [](const Subject& subject) { return subject.keys->static_slots > 0; }}};
  }
  return {keys<&Table::create>("heddle_keys.create"), keys<&Table::destroy>("heddle_keys.destroy"),
          keys<&Table::get>("heddle_keys.get"), keys<&Table::set>("heddle_keys.set")};
}

Demands of_capture() {
  using Table = heddle_capture;
  return {capture<&Table::new_sink>("heddle_capture.new_sink"),
          capture<&Table::drop_sink>("heddle_capture.drop_sink"),
          capture<&Table::references>("heddle_capture.references"),
          capture<&Table::read>("heddle_capture.read"),
          capture<&Table::set>("heddle_capture.set"),
          capture<&Table::print>("heddle_capture.print"),
          capture<&Table::print_with>("heddle_capture.print_with")};
}

Demands of_builds() {
  return {
      {"a build with ThreadSanitizer (HEDDLE_BUILT_WITH_TSAN)", always, [](const Subject& subject) {
         return thread_sanitizer_build && (subject.flags & HEDDLE_BUILT_WITH_TSAN) != 0;
       }}};
}

// Returns the demand for a flag by which a runtime promises more than its interface does.
template <auto table, auto flag>
Demand promise(std::string_view name) {
  return {name, has_table<table>,
          [](const Subject& subject) { return ((subject.*table)->flags & flag) != 0; }};
}

Demand of_kernel_threads() {
  return {"heddle_spawning (without HEDDLE_KERNEL_THREADS_STAY)", has_table<&Subject::spawning>,
          [](const Subject& subject) { return (subject.flags & HEDDLE_KERNEL_THREADS_STAY) == 0; }};
}

Demands of_promises(Feature feature) {
  switch (feature) {
    case Feature::errnos:
      return {spawning_flag<HEDDLE_REPORTS_ERRNO>("heddle_spawning.flags (HEDDLE_REPORTS_ERRNO)")};
    case Feature::any_name:
      return {
          spawning_flag<HEDDLE_TAKES_ANY_NAME>("heddle_spawning.flags (HEDDLE_TAKES_ANY_NAME)")};
    case Feature::join_awaits_locals:
      return {spawning_flag<HEDDLE_JOIN_AWAITS_LOCALS>(
          "heddle_spawning.flags (HEDDLE_JOIN_AWAITS_LOCALS)")};
    case Feature::unique_ids:
      return {promise<&Subject::threads, HEDDLE_UNIQUE_IDS>(
          "heddle_threads.flags (HEDDLE_UNIQUE_IDS)")};
    case Feature::whole_sleeps:
      return {promise<&Subject::pausing, HEDDLE_SLEEPS_WHOLE>(
          "heddle_pausing.flags (HEDDLE_SLEEPS_WHOLE)")};
    case Feature::scope_panics:
      return {promise<&Subject::scopes, HEDDLE_SCOPE_PANICS>(
          "heddle_scopes.flags (HEDDLE_SCOPE_PANICS)")};
    case Feature::payload_types:
      return {promise<&Subject::panics, HEDDLE_TYPED_PAYLOADS>(
          "heddle_panics.flags (HEDDLE_TYPED_PAYLOADS)")};
    default:  // kernel_threads
      return {of_kernel_threads()};
  }
}

Demands demands_of(Feature feature) {
  switch (feature) {
    case Feature::spawn:
    case Feature::join:
    case Feature::detach:
    case Feature::spawn_or_panic:
    case Feature::thread_values:
    case Feature::thread_panics:
    case Feature::is_finished:
    case Feature::forget:
    case Feature::into_native:
    case Feature::stack_size:
    case Feature::handle_thread:
      return of_spawning(feature);
    case Feature::names:
    case Feature::thread_handle:
    case Feature::thread_clone:
    case Feature::thread_id:
    case Feature::park:
    case Feature::park_timeout:
      return of_threads(feature);
    case Feature::sleep:
      return {function_of<&Subject::pausing, &heddle_pausing::sleep>("heddle_pausing.sleep")};
    case Feature::yield:
      return {function_of<&Subject::pausing, &heddle_pausing::yield>("heddle_pausing.yield")};
    case Feature::scope:
    case Feature::scope_join:
    case Feature::scope_drop:
    case Feature::scope_is_finished:
      return of_scopes(feature);
    case Feature::panic:
    case Feature::panicking:
    case Feature::hook:
      return of_panics(feature);
    case Feature::tls_lazy:
    case Feature::tls_plain:
    case Feature::tls_const:
    case Feature::tls_const_plain:
    case Feature::tls_cell:
    case Feature::tls_refcell:
    case Feature::tls_os:
    case Feature::tls_os_plain:
    case Feature::tls_access_error:
      return of_tls(feature);
    case Feature::overflow_report:
    case Feature::guard_range:
    case Feature::start:
      return of_guard(feature);
    case Feature::cleanup:
      return {function_of<&Subject::process, &heddle_process::cleanup>("heddle_process.cleanup")};
    case Feature::run_as_main:
      return {function_of<&Subject::process, &heddle_process::run_as_main>(
          "heddle_process.run_as_main")};
    case Feature::exit:
      return {function_of<&Subject::process, &heddle_process::exit>("heddle_process.exit")};
    case Feature::keys:
    case Feature::static_keys:
      return of_keys(feature);
    case Feature::output_capture:
      return of_capture();
    case Feature::preset_thread_id:
      return {function_of<&Subject::presets, &heddle_presets::next_thread_id>(
          "heddle_presets.next_thread_id")};
    case Feature::preset_scope:
      return {function_of<&Subject::presets, &heddle_presets::scope_running>(
          "heddle_presets.scope_running")};
    case Feature::preset_thread_info:
      return {function_of<&Subject::presets, &heddle_presets::set_thread_info>(
          "heddle_presets.set_thread_info")};
    case Feature::errnos:
    case Feature::any_name:
    case Feature::unique_ids:
    case Feature::join_awaits_locals:
    case Feature::whole_sleeps:
    case Feature::scope_panics:
    case Feature::payload_types:
    case Feature::kernel_threads:
      return of_promises(feature);
    case Feature::thread_sanitizer:
      return of_builds();
  }
  return {};
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
  return lacking(subject, feature).empty();
}

std::vector<std::string> lacking(const heddle_subject_table& subject, Feature feature) {
  std::vector<std::string> names;
  for (const Demand& demand : demands_of(feature)) {
    const bool has_table = demand.has_table(subject);
    if (has_table && demand.met(subject)) {
      continue;
    }
    const std::string name(has_table || demand.name.find('.') == demand.name.npos
                               ? demand.name
                               : demand.name.substr(0, demand.name.find('.')));
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace heddle::conformance
