// Catching panics, and the hook.
#include "outcomes.hpp"
#include "tables.hpp"

namespace heddle::adapter {
namespace {

struct SuiteHook {
  void operator()(const panic::PanicInfo& info) const {
    heddle_outcome out{};
    host().hook(info.message.data(), info.message.size(), &out);
    settle(out);
  }
};

void catch_unwind(heddle_body body, heddle_cookie env, heddle_outcome* out) {
  call(out, [&] { return ended(panic::catch_unwind(Closure(body, env))); });
}

void panicking(heddle_outcome* out) {
  call(out, [] { return returned(panic::panicking() ? 1 : 0); });
}

void set_hook(std::uint32_t on, heddle_outcome* out) {
  call(out, [&] {
    if (on != 0) {
      panic::set_hook(SuiteHook());
    } else {
      panic::take_hook();
    }
    return returned();
  });
}

void take_hook(heddle_outcome* out) {
  call(out, [] {
    const panic::Hook hook = panic::take_hook();
    return returned(hook.target<SuiteHook>() != nullptr ? 1 : 0);
  });
}

}  // namespace

const heddle_panics panics = {
    .size = sizeof(heddle_panics),
    .flags = HEDDLE_TYPED_PAYLOADS,
    .catch_unwind = catch_unwind,
    .panicking = panicking,
    .set_hook = set_hook,
    .take_hook = take_hook,
};

}  // namespace heddle::adapter
