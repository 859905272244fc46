// What runs when a thread ends.
#pragma once

namespace heddle::sys {

/// Calls `destroy(object)` when the calling thread ends. `destroy` must not throw. Registering
/// during that run is allowed.
///
/// By libc's own list: the last registered runs first, what is registered during the run comes
/// next, and exit() runs the main thread's. The shared object that holds this runtime stays loaded
/// until then.
///
/// In a runtime that was built with a list of its own (HEDDLE_FALLBACK_DESTRUCTOR_LIST), for a libc
/// without one: the first registered runs first, what is registered during the run comes after all
/// of these, and the main thread's do not run in exit(). The shared object must stay loaded. Panics
/// when the system has no key left for the list.
void register_thread_local_destructor(void* object, void (*destroy)(void*));

}  // namespace heddle::sys
