#include "heddle/thread/builder.hpp"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "heddle/sys/annotations.hpp"

namespace heddle::thread {
namespace {

constexpr std::size_t default_stack_size = std::size_t{2} * 1024 * 1024;

// Returns the size that RUST_MIN_STACK asks for. As in Rust, only decimal digits count, with or
// without a plus sign in front; any other text counts as unset.
std::size_t stack_size_from_environment() {
  // The process may call setenv elsewhere; as in Rust, it must not do so while threads are spawned.
  const char* const text = std::getenv("RUST_MIN_STACK");  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) {
    return default_stack_size;
  }
  std::string_view digits(text);
  digits.remove_prefix(digits.starts_with('+') ? 1 : 0);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), size);
  return error == std::errc() && end == digits.end() ? size : default_stack_size;
}

}  // namespace

std::size_t min_stack() {
  // The size plus one; zero if it was never asked for. Relaxed: the number publishes nothing but
  // itself, and racing threads find the same one.
  constinit static std::atomic<std::size_t> cached{0};
  if (const std::size_t known = cached.load(std::memory_order_relaxed); known != 0) {
    return known - 1;
  }
  const std::size_t size = stack_size_from_environment();
  sys::annotations::shares(cached);
  cached.store(size + 1, std::memory_order_relaxed);
  return size;
}

std::size_t Builder::chosen_stack_size() const {
  return stack_size_ ? *stack_size_ : min_stack();
}

}  // namespace heddle::thread
