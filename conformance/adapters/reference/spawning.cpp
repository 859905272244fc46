// Spawning and joining.
#include "handles.hpp"
#include "outcomes.hpp"
#include "settings.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

using Handle = thread::JoinHandle<Value>;

void spawn(const heddle_builder* settings, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  call(out, [&] {
    Closure closure(body, env);
    auto handle = builder_with(settings).spawn(std::move(closure));
    return handle ? returned_new(std::move(handle).value()) : failed(handle.error());
  });
}

void spawn_or_panic(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&] { return returned_new(thread::spawn(Closure(body, env))); });
}

void as_native(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned(borrow<Handle>(handle).as_pthread_t()); });
}

void into_native(void* handle, heddle_outcome* out) {
  call(out, [&] { return returned(take<Handle>(handle).into_pthread_t()); });
}

}  // namespace

const heddle_spawning spawning = {
    .size = sizeof(heddle_spawning),
    .flags = HEDDLE_CARRIES_VALUE | HEDDLE_CARRIES_PANIC | HEDDLE_TAKES_NAME |
             HEDDLE_TAKES_STACK_SIZE | HEDDLE_REPORTS_ERRNO | HEDDLE_TAKES_ANY_NAME |
             HEDDLE_JOIN_AWAITS_LOCALS,
    .spawn = spawn,
    .spawn_or_panic = spawn_or_panic,
    .join = join<Handle>,
    .detach = drop<Handle>,
    .forget = forget,
    .is_finished = is_finished<Handle>,
    .thread = thread_of<Handle>,
    .as_native = as_native,
    .into_native = into_native,
};

}  // namespace heddle::adapter
