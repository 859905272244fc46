// Destructors that libc calls.
#pragma once

namespace heddle::thread::detail {

/// Calls `destroy(object)` where no panic may leave: it aborts the process with a message instead.
void destroy_or_abort(void (*destroy)(void*), void* object);

}  // namespace heddle::thread::detail
