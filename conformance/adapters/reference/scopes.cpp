// Scopes and their threads.
#include "handles.hpp"
#include "outcomes.hpp"
#include "settings.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

using ScopedHandle = thread::ScopedJoinHandle<Value>;

const thread::Scope& scope_at(void* pointer) {
  return *static_cast<const thread::Scope*>(pointer);
}

void scope(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&] {
    Closure closure(body, env);
    Value value =
        thread::scope([closure = std::move(closure)](const thread::Scope& its_scope) -> Value {
          return closure.run(const_cast<thread::Scope*>(&its_scope));
        });
    return returned(value.release());
  });
}

void spawn(void* its_scope, const heddle_builder* settings, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  call(out, [&] {
    Closure closure(body, env);
    auto handle = builder_with(settings).spawn_scoped(scope_at(its_scope), std::move(closure));
    return handle ? returned_new(std::move(handle).value()) : failed(handle.error());
  });
}

void spawn_or_panic(void* its_scope, heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&] { return returned_new(scope_at(its_scope).spawn(Closure(body, env))); });
}

}  // namespace

const heddle_scopes scopes = {
    .size = sizeof(heddle_scopes),
    .flags = HEDDLE_SCOPE_PANICS,
    .scope = scope,
    .spawn = spawn,
    .spawn_or_panic = spawn_or_panic,
    .join = join<ScopedHandle>,
    .drop = drop<ScopedHandle>,
    .forget = forget,
    .is_finished = is_finished<ScopedHandle>,
    .thread = thread_of<ScopedHandle>,
};

}  // namespace heddle::adapter
