#include "stage/sanitizer.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

struct RunTime {
  std::string_view sanitizer;
  const char* initialiser;  // exported by shared run times, and by programs that link a static one
};

constexpr std::string_view thread_sanitizer = "ThreadSanitizer";
constexpr std::array run_times = {
    RunTime{"AddressSanitizer", "__asan_init"},
    RunTime{"MemorySanitizer", "__msan_init"},
    RunTime{thread_sanitizer, "__tsan_init"},
};

}  // namespace

std::string_view sanitizer() {
  const auto* const found = std::ranges::find_if(run_times, [](const RunTime& run_time) {
    return ::dlsym(RTLD_DEFAULT, run_time.initialiser) != nullptr;
  });
  return found == run_times.end() ? std::string_view() : found->sanitizer;
}

void excuse_under_thread_sanitizer(std::string_view what_it_does) {
  if (sanitizer() == thread_sanitizer) {
    excuse(fmt::format("{} {}", thread_sanitizer, what_it_does));
  }
}

}  // namespace heddle::conformance
