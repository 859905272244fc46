#include "runner/strays.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

#include "process/leftovers.hpp"

namespace heddle::conformance {
namespace {

std::vector<pid_t>& own() {
  static std::vector<pid_t> children;
  return children;
}

}  // namespace

void adopt_strays() {
  own() = inject::children_of(::getpid());
  inject::adopt_orphans();
}

void keep_child(pid_t child) {
  own().push_back(child);
}

void forget_child(pid_t child) {
  std::erase(own(), child);
}

void end_strays() {
  const auto is_own = [](pid_t child) { return std::ranges::find(own(), child) != own().end(); };
  for (;;) {
    std::vector<pid_t> children = inject::children_of(::getpid());
    std::erase_if(children, is_own);
    if (children.empty()) {
      return;
    }
    for (const pid_t child : children) {
      static_cast<void>(::kill(child, SIGKILL));        // not reaped yet: still its number
      static_cast<void>(::waitpid(child, nullptr, 0));  // killed, so this ends
    }
  }
}

}  // namespace heddle::conformance
