// Destructors that libc calls.
#pragma once

namespace heddle::thread::detail {

/// Calls `destroy(object)`. A panic would unwind into libc, so it aborts the process with a
/// message.
void destroy_or_abort(void (*destroy)(void*), void* object);

}  // namespace heddle::thread::detail
