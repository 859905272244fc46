#include "cancellation.hpp"

#include <atomic>
#include <bit>

#include "departures.hpp"
#include "processor.hpp"

namespace heddle::inject {
namespace {

using Handler = void (*)(int, siginfo_t*, void*);

// The first real-time signal, which libc keeps to itself (nptl(7)). musl takes the next one.
constexpr long cancellation_signal = 32;

constinit std::atomic<Handler> libc_handler{nullptr};

/// The handler may not return: then it unwinds the thread from the context that it was shown.
void show_place(int signal, siginfo_t* information, void* context) {
  auto& interrupted = *static_cast<ucontext_t*>(context);
  const std::uintptr_t address = program_counter_of(interrupted);
  const std::uintptr_t place = place_of_thunk(address);
  if (place != 0) {
    set_program_counter(interrupted, place);
  }
  libc_handler.load(std::memory_order_relaxed)(signal, information, context);
  // The thread stays: it goes on in its thunk, where the call is not trapped and counted again.
  if (place != 0 && program_counter_of(interrupted) == place) {
    set_program_counter(interrupted, address);
  }
}

}  // namespace

bool show_places_to_cancellation(long signal, KernelSignalAction& action) {
  const auto handler = std::bit_cast<Handler>(action.handler);
  if (signal != cancellation_signal || !is_function(action.handler) || handler == show_place) {
    return false;
  }
  // Relaxed: libc installs one handler for the life of the process, before it sends the signal.
  libc_handler.store(handler, std::memory_order_relaxed);
  action.handler = std::bit_cast<std::uintptr_t>(&show_place);
  return true;
}

}  // namespace heddle::inject
