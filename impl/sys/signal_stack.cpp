#include "sys/signal_stack.hpp"

#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>

#include "sys/page_size.hpp"

namespace heddle::sys {
namespace {

// Stacks out of use. Each place is filled or emptied by one exchange, so there is no lock that a
// fork could leave locked in the child. Release on the way in pairs with acquire on the way out:
// what the last thread did on the stack comes before what the next one does.
constexpr std::size_t most_kept = 64;
constinit std::array<std::atomic<std::byte*>, most_kept> kept{};

std::byte* take_kept() {
  for (auto& place : kept) {
    // Relaxed: only a hint whether the exchange is worthwhile.
    if (place.load(std::memory_order_relaxed) != nullptr) {
      if (auto* const lowest = place.exchange(nullptr, std::memory_order_acquire)) {
        return lowest;
      }
    }
  }
  return nullptr;
}

bool keep(std::byte* lowest) {
  return std::any_of(kept.begin(), kept.end(), [=](auto& place) {
    std::byte* empty = nullptr;
    return place.load(std::memory_order_relaxed) == nullptr &&
           place.compare_exchange_strong(empty, lowest, std::memory_order_release,
                                         std::memory_order_relaxed);
  });
}

void unmap(std::byte* mapping) {
  // ENOMEM: the kernel has merged the mapping with a neighbour and may not split them again. The
  // memory then stays mapped, which is harmless. EINVAL cannot occur: mmap gave this mapping.
  static_cast<void>(::munmap(mapping, page_size() + SignalStack::size()));
}

}  // namespace

std::size_t SignalStack::size() noexcept {
  static const std::size_t size =
      rounded_up_to_page(std::max(static_cast<std::size_t>(SIGSTKSZ), ::getauxval(AT_MINSIGSTKSZ)));
  return size;
}

Result<SignalStack, Error> SignalStack::take() {
  if (auto* const lowest = take_kept()) {
    return SignalStack(lowest);
  }
  void* const mapping = ::mmap(nullptr, page_size() + size(), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (mapping == MAP_FAILED) {
    return Error("mmap of a signal stack", errno);
  }
  auto* const guard = static_cast<std::byte*>(mapping);
  if (::mprotect(guard, page_size(), PROT_NONE) != 0) {
    const Error error("mprotect of a signal stack's guard", errno);
    unmap(guard);
    return error;
  }
  return SignalStack(guard + page_size());
}

SignalStack::~SignalStack() {
  if (lowest_ != nullptr && !keep(lowest_)) {
    unmap(lowest_ - page_size());
  }
}

}  // namespace heddle::sys
