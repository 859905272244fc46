#include "program/story.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <vector>

namespace heddle::fuzz {
namespace {

std::mutex mutex;
std::vector<std::string> steps;

}  // namespace

void begin_story() {
  const std::lock_guard lock(mutex);
  steps.clear();
}

void tell(std::string step) {
  static const bool shown = std::getenv("HEDDLE_FUZZ_STORY") != nullptr;
  if (shown) {
    fmt::print(stderr, "  {}\n", step);
  }
  const std::lock_guard lock(mutex);
  steps.push_back(std::move(step));
}

void fail(std::string_view expected, std::string_view happened) {
  mutex.lock();  // for good: the process ends
  const std::string line = fmt::format("fuzz: after: {}; expected: {}; happened: {}\n",
                                       fmt::join(steps, ", "), expected, happened);
  static_cast<void>(
      !::write(STDERR_FILENO, line.data(), line.size()));  // nobody is left to be told
  std::abort();
}

}  // namespace heddle::fuzz
