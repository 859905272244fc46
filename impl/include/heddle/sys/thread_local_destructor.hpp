// What runs when a thread ends.
#pragma once

namespace heddle::sys {

/// Calls `destroy(object)` when the calling thread ends, or in exit() for the main thread. The last
/// registered runs first; registering during that run is allowed and comes next. `destroy` must not
/// throw. The shared object that holds this runtime stays loaded until then.
void register_thread_local_destructor(void* object, void (*destroy)(void*));

}  // namespace heddle::sys
