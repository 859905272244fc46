#include "verdict/case_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace heddle::conformance {
namespace {

std::string text_of(const std::array<char, Evidence::maximum_text>& field) {
  return {field.data(), ::strnlen(field.data(), field.size())};
}

std::vector<std::string> timeline_of(const Evidence& evidence) {
  const std::uint32_t count = evidence.event_count.load();
  const std::uint32_t kept = std::min<std::uint32_t>(count, Evidence::maximum_events);
  std::vector<std::string> lines;
  for (std::uint32_t position = count - kept; position < count; ++position) {
    const Event& event = evidence.events[position % Evidence::maximum_events];
    if (event.ready.load() != 0) {
      lines.push_back(fmt::format("thread {}: {}", event.thread, event.text.data()));
    }
  }
  return lines;
}

}  // namespace

CaseResult result_of(const Evidence& evidence) {
  CaseResult result;
  result.began = evidence.began.load() != 0;
  result.finished = evidence.finished.load() != 0;
  result.searched = evidence.searched.load() != 0;
  result.death_due = evidence.death_due.load() != 0;
  result.failed = evidence.failed.load() != 0;
  result.excused = evidence.excused.load() != 0;
  result.internal = evidence.internal.load() != 0;
  if (result.failed) {
    result.expected = text_of(evidence.expected);
    result.happened = text_of(evidence.happened);
  }
  if (result.excused) {
    result.excuse = text_of(evidence.excuse);
  }
  result.fault_reached = evidence.fault_reached.load();
  result.fault_fired = evidence.fault_fired.load();
  result.timeline = timeline_of(evidence);
  return result;
}

}  // namespace heddle::conformance
