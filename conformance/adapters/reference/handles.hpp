// Functions of the tables for handles of more than one kind.
#pragma once

#include "outcomes.hpp"

namespace heddle::adapter {

template <class Handle>
void join(void* handle, heddle_outcome* out) {
  call(out, [&] { return joined(take<Handle>(handle).join_outcome()); });
}

template <class Handle>
void drop(void* handle, heddle_outcome* out) {
  call(out, [&] {
    const Box<Handle> dropped(static_cast<Handle*>(handle));
    return returned();
  });
}

inline void forget(void* /*handle*/, heddle_outcome* out) {
  *out = returned();
}

template <class Handle>
void is_finished(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned(borrow<Handle>(handle).is_finished() ? 1 : 0); });
}

template <class Handle>
void thread_of(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned_new(borrow<Handle>(handle).thread()); });
}

}  // namespace heddle::adapter
