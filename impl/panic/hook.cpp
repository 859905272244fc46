#include "heddle/panic/hook.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "heddle/io/output_capture.hpp"
#include "heddle/panic/panic.hpp"
#include "panic/backtrace.hpp"
#include "panic/run_hook.hpp"
#include "sys/standard_error.hpp"
#include "thread/thread_info.hpp"

namespace heddle::panic {
namespace {

// The process's hook. Shared, so that a replaced hook lives on until the panics that run it are
// done.
struct CurrentHook {
  std::mutex mutex;
  std::shared_ptr<const Hook> hook;  // null: the default one
};

// Never destroyed: threads may panic while exit() runs.
union Undestroyed {
  CurrentHook hook;
  constexpr Undestroyed() : hook() {}
  ~Undestroyed() {}
};
constinit Undestroyed process_hook;

CurrentHook& current_hook() {
  return process_hook.hook;
}

std::shared_ptr<const Hook> exchange_hook(std::shared_ptr<const Hook> hook) {
  const std::lock_guard lock(current_hook().mutex);
  return std::exchange(current_hook().hook, std::move(hook));
}

void check_not_panicking() {
  if (panicking()) {
    panic("cannot modify the panic hook from a panicking thread");
  }
}

// Reports a panic. Names the thread only if it has a handle already: making one so late, or so
// early, could panic in turn.
void default_hook(const PanicInfo& info) {
  const thread::Thread* current = thread::thread_info_if_set();
  const auto name = current != nullptr ? current->name() : std::nullopt;
  std::string text = "thread '";
  text.append(name.value_or("<unnamed>")).append("' panicked: ").append(info.message);
  text.append(", ").append(info.location.file).append(":");
  text.append(std::to_string(info.location.line)).append("\n");
  text += backtrace();
  if (const auto sink = io::output_capture()) {
    sink->write(text);
  } else {
    sys::write_standard_error(text);
  }
}

}  // namespace

void set_hook(Hook hook) {
  check_not_panicking();
  exchange_hook(std::make_shared<const Hook>(std::move(hook)));
}

Hook take_hook() {
  check_not_panicking();
  const auto taken = exchange_hook(nullptr);
  return taken ? *taken : Hook(default_hook);
}

void run_hook(const Payload& payload, Location location) noexcept {
  const PanicInfo info{payload, payload.text().value_or("a payload that is not text"), location};
  std::shared_ptr<const Hook> hook;
  {
    const std::lock_guard lock(current_hook().mutex);
    hook = current_hook().hook;
  }
  if (hook && *hook) {
    (*hook)(info);
  } else {
    default_hook(info);
  }
}

}  // namespace heddle::panic
