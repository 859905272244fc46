#include "sys/stack_overflow.hpp"

#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "heddle/sys/fatal.hpp"
#include "sys/standard_error.hpp"

namespace heddle::sys::stack_overflow {
namespace {

// What the handler knows of the thread that it runs on.
struct Watched {
  bool has_signal_stack = false;
  Guard guard;  // empty: reports nothing
  std::string_view name;
};

// This model allocates the variable when the thread starts. In a shared object, any other model may
// allocate it at the first access, which may be the handler's.
[[gnu::tls_model("initial-exec")]] constinit thread_local Watched watched;

constexpr std::array signals = {SIGSEGV, SIGBUS};

// Relaxed: a spawn that does not see it yet gives its thread no signal stack, as it would have done
// a moment before.
constinit std::atomic<bool> handles_any{false};
constinit Handler* main_handler = nullptr;  // destroyed by cleanup() alone, on the main thread

// Handles a fault. Async-signal-safe: no allocation, no lock, no initialisation at first use.
void handle_fault(int signal, siginfo_t* info, void* /*context*/) {
  if (watched.guard.contains(reinterpret_cast<std::uintptr_t>(info->si_addr))) {
    write_standard_error("\nthread '");
    write_standard_error(watched.name);
    write_standard_error("' has overflowed its stack\nheddle: fatal: stack overflow\n");
    std::abort();
  }
  // The fault is no stack overflow. The instruction is tried again under the default action, which
  // ends the process.
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  if (::sigaction(signal, &action, nullptr) != 0) {
    // EINVAL, EFAULT: cannot occur. If one did, the fault would repeat for ever.
    write_standard_error("heddle: fatal: a fault, and sigaction refuses the default action\n");
    std::abort();
  }
}

struct sigaction action_of(int signal) {
  struct sigaction action {};
  if (::sigaction(signal, nullptr, &action) != 0) {
    // EINVAL: no such signal; EFAULT: no such memory. Neither can occur.
    fatal_call("sigaction", errno);
  }
  return action;
}

void set_action(int signal, const struct sigaction& action) {
  if (::sigaction(signal, &action, nullptr) != 0) {
    fatal_call("sigaction", errno);  // as above
  }
}

bool is_default(int signal) {
  const struct sigaction action = action_of(signal);
  return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
}

bool is_ours(int signal) {
  const struct sigaction action = action_of(signal);
  return (action.sa_flags & SA_SIGINFO) != 0 && action.sa_sigaction == handle_fault;
}

}  // namespace

std::optional<Error> init() {
  std::array<bool, signals.size()> free{};
  std::transform(signals.begin(), signals.end(), free.begin(), is_default);
  if (std::none_of(free.begin(), free.end(), [](bool is_free) { return is_free; })) {
    return std::nullopt;
  }
  auto stack = SignalStack::take();
  if (!stack) {
    return std::move(stack).error();
  }
  main_handler = new Handler(std::move(stack).value());
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  action.sa_sigaction = handle_fault;
  for (std::size_t index = 0; index < signals.size(); ++index) {
    if (free[index]) {
      set_action(signals[index], action);
    }
  }
  handles_any.store(true, std::memory_order_relaxed);
  return std::nullopt;
}

void cleanup() {
  handles_any.store(false, std::memory_order_relaxed);
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (const int signal : signals) {
    if (is_ours(signal)) {
      set_action(signal, action);
    }
  }
  delete std::exchange(main_handler, nullptr);
}

Result<SignalStack, Error> make_signal_stack() {
  return handles_any.load(std::memory_order_relaxed) ? SignalStack::take() : SignalStack();
}

Handler::Handler(SignalStack stack) {
  stack_t present{};
  if (!stack || ::sigaltstack(nullptr, &present) != 0) {
    return;
  }
  if ((present.ss_flags & SS_DISABLE) == 0) {
    watched.has_signal_stack = true;  // not ours, but our handler runs on it, too
    return;
  }
  const stack_t ours{.ss_sp = stack.lowest(), .ss_flags = 0, .ss_size = SignalStack::size()};
  // ENOMEM: the kernel finds it too small.
  if (::sigaltstack(&ours, nullptr) == 0) {
    watched.has_signal_stack = true;
    stack_ = std::move(stack);
  }
}

Handler::~Handler() {
  watched = {};
  if (!stack_) {
    return;
  }
  const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = SignalStack::size()};
  stack_t previous{};
  if (::sigaltstack(&none, &previous) != 0) {
    // EPERM: the thread is being unwound out of a signal handler, and runs on this very stack.
    stack_.abandon();
  } else if (previous.ss_sp != stack_.lowest()) {
    // The thread has set up a signal stack of its own since, which must stay: it is put back.
    static_cast<void>(::sigaltstack(&previous, nullptr));
  }
}

bool is_reported() noexcept {
  return watched.has_signal_stack;
}

void watch(const std::optional<Guard>& guard, std::optional<std::string_view> name) noexcept {
  if (watched.has_signal_stack && guard) {
    watched.name = name.value_or("<unknown>");
    watched.guard = *guard;
  }
}

}  // namespace heddle::sys::stack_overflow
