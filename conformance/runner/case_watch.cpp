#include "runner/case_watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "process/leftovers.hpp"

namespace heddle::conformance {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string describe(const inject::ThreadLook& thread) {
  const std::string who = fmt::format("thread {} ({}) ", thread.thread, thread.name);
  const std::string call = thread.call.empty() ? "" : " in " + thread.call;
  switch (thread.outlook) {
    case inject::Outlook::runs:
      return who + "runs";
    case inject::Outlook::in_kernel:
      return who + "is in the kernel" + call;
    default:
      return who + "waits" + call + inject::limit_text(thread);
  }
}

}  // namespace

CaseWatch::CaseWatch(pid_t child, pid_t parent, milliseconds deadline)
    : child_(child),
      parent_(parent),
      progress_(inject::Patience(deadline)),
      last_look_(Clock::now()) {}

bool CaseWatch::hangs() {
  const Clock::time_point now = Clock::now();
  const auto passed = std::chrono::duration_cast<milliseconds>(now - last_look_);
  last_look_ = now;
  const inject::RunProcesses processes{inject::process_tree(child_), {}, {::getpid(), parent_}};
  return progress_.add(inject::look_at(processes), passed) != inject::Progress::Finding::none;
}

std::vector<std::string> CaseWatch::threads() const {
  std::vector<std::string> lines;
  for (const inject::ThreadLook& thread : progress_.last_look().threads) {
    lines.push_back(describe(thread));
  }
  return lines;
}

}  // namespace heddle::conformance
