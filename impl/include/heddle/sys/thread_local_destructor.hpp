// Destructors that run when a thread ends.
#pragma once

namespace heddle::sys {

/// Registers `destroy(object)` to be called when the calling thread ends. `destroy` must not throw.
/// Registering is allowed even during that run.
///
/// The list is libc's: the last registered runs first, and what is registered during the run comes
/// next. exit() runs the main thread's list. The shared object that holds this runtime stays loaded
/// until then.
///
/// A runtime built with HEDDLE_FALLBACK_DESTRUCTOR_LIST has a list of its own, for a libc without
/// one. Then the first registered runs first, what is registered during the run comes after all
/// others, and exit() does not run the main thread's list. The shared object must stay loaded.
/// Panics when the system has no key left for the list.
void register_thread_local_destructor(void* object, void (*destroy)(void*));

}  // namespace heddle::sys
