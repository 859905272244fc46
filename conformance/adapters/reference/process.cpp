// The start and the end of the runtime, and its guards.
#include <cstdlib>
#include <heddle/runtime.hpp>

#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

void range(heddle_outcome* out) {
  const auto known = thread::stack_guard();
  if (!known) {
    out->tag = HEDDLE_FAILED;
    return;
  }
  *out = returned(known->begin);
  out->handle = reinterpret_cast<void*>(known->end);  // NOLINT(performance-no-int-to-ptr)
}

void start(heddle_outcome* out) {
  call(out, [] {
    const auto refusal = runtime::init();
    return refusal ? failed(*refusal) : returned();
  });
}

void cleanup(heddle_outcome* out) {
  call(out, [] {
    runtime::cleanup();
    return returned();
  });
}

void run_as_main(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&] {
    const int status = runtime::run(
        [closure = Closure(body, env)] { return static_cast<int>(closure().release()); });
    return returned(static_cast<std::uint64_t>(status));
  });
}

// Exits by libc's function: the runtime has none of its own.
void exit(std::int32_t status) {
  std::exit(status);  // NOLINT(concurrency-mt-unsafe)
}

}  // namespace

const heddle_guard guard = {.size = sizeof(heddle_guard), .flags = 0, .range = range};

const heddle_process process = {
    .size = sizeof(heddle_process),
    .flags = 0,
    .start = start,
    .cleanup = cleanup,
    .run_as_main = run_as_main,
    .exit = exit,
};

}  // namespace heddle::adapter
