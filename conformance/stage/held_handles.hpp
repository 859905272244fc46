// The handles that the subject has given out, and that the check has not given back.
//
// A search for leaks follows references. A check that ends with a handle of its own would otherwise
// look as if the subject had lost what the handle stands for.
#pragma once

namespace heddle::conformance {

/// Notes a handle that the subject has given out. Null is ignored. A subject may give the same
/// pointer out several times. Can be called on any thread, as all functions here.
void hold_handle(void* handle);

/// Forgets one reference. Call it before the call that eats the handle: afterwards the address may
/// be another handle's.
void release_handle(void* handle);

/// Returns whether every handle could be noted. There is room for thousands.
bool all_handles_are_held();

}  // namespace heddle::conformance
