// A subject for heddle-conform. It judges std::thread: put your runtime in its place.
// heddle/subject.h says what each function of a table does, and the rules that all of them keep.
// heddle/adapter.hpp has what is the same in every adapter: values, bodies, panics, outcomes.
#include <heddle/adapter.hpp>
#include <memory>
#include <system_error>
#include <thread>

namespace {

namespace kit = heddle::kit;

// What a join handle points to.
struct JoinHandle {
  std::thread native;
  std::shared_ptr<kit::Value> result;  // what the body returned
};

// The builder is null, since no flag below says that this runtime takes names or stack sizes.
void spawn(const heddle_builder* /*builder*/, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    kit::Closure closure{body, env};
    auto result = std::make_shared<kit::Value>();
    try {
      std::thread native{[work = std::move(closure), result]() mutable { *result = work(); }};
      outcome.handle = kit::give(JoinHandle{std::move(native), std::move(result)});
    } catch (const std::system_error& error) {
      kit::write_failure(error.code().value(), error.what(), outcome);
    }
  });
}

void join(void* eaten, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    const auto handle = kit::take<JoinHandle>(eaten);
    try {
      handle->native.join();
      outcome.value = handle->result->release();  // the suite's again
    } catch (const std::system_error& error) {
      handle->native.detach();  // a joinable std::thread must not be destroyed
      kit::write_failure(error.code().value(), error.what(), outcome);
    }
  });
}

// ---- Next: fill these in, and name them in the tables below -------------------------------------
//
// Eats the join handle; the thread runs on.
//
// void detach(void* eaten, heddle_outcome* out) {
//   kit::call(out, [&](heddle_outcome&) { ... });
// }
//
// Writes 1 to outcome.value if the thread's body has ended. Never blocks.
//
// void is_finished(void* handle, heddle_outcome* out) {
//   kit::call(out, [&](heddle_outcome& outcome) { ... kit::borrow<JoinHandle>(handle) ... });
// }
//
// Lets other threads run. It belongs to a table of its own, heddle_pausing.
//
// void yield(heddle_outcome* out) {
//   kit::call(out, [](heddle_outcome&) { ... });
// }

}  // namespace

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  // What is left out is not offered, and its clauses do not apply.
  static heddle_spawning spawning{};
  spawning.size = sizeof spawning;
  // What the runtime promises: its documentation must say so.
  spawning.flags = HEDDLE_CARRIES_VALUE | HEDDLE_REPORTS_ERRNO | HEDDLE_JOIN_AWAITS_LOCALS;
  spawning.spawn = spawn;
  spawning.join = join;

  static heddle_subject_table table = kit::subject_named("my runtime", "0");
  table.spawning = &spawning;
  table.panics = &kit::exceptions;  // null for a runtime without exceptions
  return kit::enter(host, table);
}
