// Features, which a subject may offer and a clause may need. Each is a question to the subject's
// table.
#pragma once

#include <heddle/subject.h>

#include <string>
#include <string_view>
#include <vector>

namespace heddle::conformance {

enum class Feature {
  spawn,           ///< threads are started; join and detach are features of their own
  join,            ///< a join handle can be waited for
  detach,          ///< a join handle can be dropped while its thread runs on
  spawn_or_panic,  ///< the form of spawn that panics
  thread_values,   ///< join hands back what the body returned
  thread_panics,   ///< join hands back the panic that ended the body
  is_finished,
  forget,         ///< a join handle can be leaked
  into_native,    ///< a join handle can be taken apart
  names,          ///< threads have names, and the builder takes one
  stack_size,     ///< the builder takes a stack size
  thread_handle,  ///< current() and drop
  thread_clone,   ///< a thread handle can be cloned
  thread_id,      ///< a thread handle knows the thread's id
  handle_thread,  ///< a join handle knows its thread
  park,           ///< park, unpark
  park_timeout,
  sleep,
  yield,
  scope,       ///< scopes that start threads and wait for them
  scope_join,  ///< a scope's join handle can be waited for
  scope_drop,  ///< a scope's join handle can be dropped
  scope_is_finished,
  panic,             ///< panics, and catch_unwind
  panicking,         ///< a thread can ask whether it unwinds
  hook,              ///< the panic hook can be set
  tls_lazy,          ///< thread locals with initialiser and destructor
  tls_plain,         ///< thread locals of types without destructor
  tls_const,         ///< constant-initialised thread locals with destructor
  tls_const_plain,   ///< constant-initialised thread locals of types without destructor
  tls_cell,          ///< thread locals around a Cell
  tls_refcell,       ///< thread locals around a RefCell
  tls_os,            ///< thread locals over a key of the operating system
  tls_os_plain,      ///< thread locals over system keys, of types without destructor
  tls_access_error,  ///< late access to a thread local is reported, not undefined
  overflow_report,   ///< stack overflows are reported, from the start or after start_runtime()
  guard_range,       ///< a thread can ask where its guard is
  start,             ///< the suite starts the runtime, rather than the program before main
  cleanup,           ///< the suite can undo the start
  run_as_main,       ///< a body is run as main, between start and cleanup
  exit,              ///< the runtime has a function that ends the process
  keys,              ///< keys of the operating system
  static_keys,       ///< keys that are made by their first use
  output_capture,    ///< printing, and sinks that collect it
  preset_thread_id,
  preset_scope,
  preset_thread_info,
  errnos,              ///< a refused spawn reports the system's errno
  any_name,            ///< names of any length and in any letters
  unique_ids,          ///< the id of a thread that is gone is never given again
  join_awaits_locals,  ///< join returns after the destructors of the thread's locals
  whole_sleeps,        ///< signals do not end a sleep
  scope_panics,        ///< a scope panics for a thread whose panic no join took
  payload_types,       ///< a payload keeps its type
  kernel_threads,      ///< the kernel's thread ends with the body that it ran
  thread_sanitizer,    ///< built with ThreadSanitizer, so that ordering can be judged
};

/// Returns the feature's name, as the command line and reports print it.
std::string_view name_of(Feature feature);

/// Returns whether the subject offers the feature. The table must be completed to full size.
bool offers(const heddle_subject_table& subject, Feature feature);

/// Returns what the feature needs and the table lacks, in the words of subject.h:
/// "heddle_spawning.detach", "heddle_parking" if the whole table is null, or a flag's name. An
/// empty result means that the feature is offered.
std::vector<std::string> lacking(const heddle_subject_table& subject, Feature feature);

}  // namespace heddle::conformance
