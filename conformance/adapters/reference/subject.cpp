// The reference as a subject.
#include <cstdint>

#include "deviations.hpp"
#include "tables.hpp"
#include "values.hpp"

namespace heddle::adapter {
namespace {

#if defined(__SANITIZE_THREAD__)
constexpr std::uint64_t flags = HEDDLE_BUILT_WITH_TSAN;
#elif defined(__has_feature)
constexpr std::uint64_t flags = __has_feature(thread_sanitizer) ? HEDDLE_BUILT_WITH_TSAN : 0;
#else
constexpr std::uint64_t flags = 0;
#endif

const heddle_subject_table subject_table = {
    .major = HEDDLE_ABI_MAJOR,
    .minor = HEDDLE_ABI_MINOR,
    .size = sizeof(heddle_subject_table),
    .outcome_size = sizeof(heddle_outcome),
    .flags = flags,
    .name = "reference",
    .version = HEDDLE_VERSION,
    .profile = "heddle",
    .deviations = deviations.data(),
    .deviation_count = deviations.size(),
    .spawning = &spawning,
    .threads = &threads,
    .parking = &parking,
    .pausing = &pausing,
    .scopes = &scopes,
    .panics = &panics,
    .tls = &tls,
    .keys = &keys,
    .capture = &capture,
    .guard = &guard,
    .process = &process,
    .presets = &presets,
};

}  // namespace
}  // namespace heddle::adapter

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  if (host->major != HEDDLE_ABI_MAJOR || host->outcome_size != sizeof(heddle_outcome)) {
    return nullptr;
  }
  heddle::adapter::set_host(host);
  return &heddle::adapter::subject_table;
}
