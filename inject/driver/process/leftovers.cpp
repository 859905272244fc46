#include "process/leftovers.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>

#include "process/proc_files.hpp"

namespace heddle::inject {

void adopt_orphans() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  // The process may end meanwhile: then the list ends here.
  for (const pid_t thread : threads_of(process)) {
    std::ifstream list(fmt::format("/proc/{}/task/{}/children", process, thread));
    for (pid_t child = 0; list >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

std::vector<pid_t> process_tree(pid_t process) {
  std::vector<pid_t> tree{process};
  for (std::size_t index = 0; index < tree.size(); ++index) {
    const std::vector<pid_t> children = children_of(tree[index]);
    tree.insert(tree.end(), children.begin(), children.end());
  }
  return tree;
}

namespace {

/// Returns the children of the calling thread, the only one of this process. Three system calls
/// must do, since this is asked after every run. If the list is too long for the buffer, the caller
/// asks again once these children are gone.
std::vector<pid_t> own_children() {
  std::array<char, 4096> text{};
  const int descriptor = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  const ssize_t size = descriptor >= 0 ? read(descriptor, text.data(), text.size()) : 0;
  if (descriptor >= 0) {
    close(descriptor);
  }
  std::vector<pid_t> children;
  pid_t number = 0;
  for (const char character : std::string_view(text.data(), size > 0 ? std::size_t(size) : 0)) {
    if (character == ' ') {  // a blank ends each number
      children.push_back(number);
      number = 0;
    } else {
      number = number * 10 + (character - '0');
    }
  }
  return children;
}

}  // namespace

std::vector<EndedProcess> end_leftovers(pid_t kept) {
  std::vector<EndedProcess> ended;
  for (;;) {
    std::vector<pid_t> children = own_children();
    std::erase(children, kept);
    if (children.empty()) {
      return ended;
    }
    for (const pid_t child : children) {
      int wait_status = 0;
      kill(child, SIGKILL);             // not reaped yet, so the id is still the child's
      waitpid(child, &wait_status, 0);  // ends soon, since the child has been killed
      ended.push_back({child, wait_status});
    }
  }
}

}  // namespace heddle::inject
