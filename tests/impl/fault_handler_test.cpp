// The handlers of SIGSEGV and SIGBUS: where they are installed, and where they are not.
#include <heddle/runtime.hpp>
#include <heddle/thread.hpp>

#include <cerrno>
#include <csignal>

#include "child_process.hpp"
#include "scripted_calls.hpp"
#include "started_runtime.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

TEST_CASE("a runtime whose main thread gets no signal stack does not start, and changes nothing") {
  check_success(run_in_child([] {
    Script script;
    script.answer("mmap", ENOMEM);
    const auto error = runtime::init();
    require_in_child(error && error->raw_os_error() == ENOMEM,
                     "the start is refused with the errno");
    struct sigaction action {};
    sigaction(SIGSEGV, nullptr, &action);
    require_in_child(action.sa_handler == SIG_DFL, "SIGSEGV has its default action");
    require_in_child(script.calls("sigaltstack").empty(), "no signal stack is set");
  }));
}

TEST_CASE("handlers that are there before the runtime starts stay, and then nobody needs a stack") {
  const auto none = [](int) {};
  check_success(run_in_child([=] {
    std::signal(SIGSEGV, none);
    std::signal(SIGBUS, SIG_IGN);
    Script script;
    start_runtime();
    thread::spawn(
        [] { require_in_child(sanitized || signal_stack() == nullptr, "threads have none"); })
        .join()
        .value();
    require_in_child(std::signal(SIGSEGV, SIG_DFL) == static_cast<void (*)(int)>(none),
                     "SIGSEGV is kept");
    require_in_child(std::signal(SIGBUS, SIG_DFL) == SIG_IGN, "SIGBUS is still ignored");
    require_in_child(script.calls("mmap").empty(), "none is mapped");
  }));
}

TEST_CASE("each signal is decided on by itself") {
  check_success(run_in_child([] {
    std::signal(SIGBUS, SIG_IGN);
    start_runtime();
    struct sigaction action {};
    sigaction(SIGSEGV, nullptr, &action);
    require_in_child((action.sa_flags & (SA_SIGINFO | SA_ONSTACK)) == (SA_SIGINFO | SA_ONSTACK),
                     "SIGSEGV has a handler on the signal stack");
    require_in_child(std::signal(SIGBUS, SIG_DFL) == SIG_IGN, "SIGBUS is still ignored");
    thread::spawn([] { require_in_child(signal_stack() != nullptr, "threads have one"); })
        .join()
        .value();
  }));
}

TEST_CASE("cleanup takes back the handlers that are still the runtime's") {
  const auto none = [](int) {};
  check_success(run_in_child([=] {
    start_runtime();
    std::signal(SIGBUS, none);
    runtime::cleanup();
    require_in_child(std::signal(SIGSEGV, SIG_DFL) == SIG_DFL, "SIGSEGV has its default action");
    require_in_child(std::signal(SIGBUS, SIG_DFL) == static_cast<void (*)(int)>(none),
                     "SIGBUS is kept");
    require_in_child(signal_stack() == nullptr, "main has no signal stack");
  }));
}

}  // namespace
}  // namespace heddle::tests
