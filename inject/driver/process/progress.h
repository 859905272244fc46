// progress.h: whether a process that does not end still does anything.
#ifndef HEDDLE_INJECT_DRIVER_PROGRESS_H
#define HEDDLE_INJECT_DRIVER_PROGRESS_H

#include <sys/types.h>

#include <map>
#include <string>

namespace heddle::inject {

/// A look at all threads of a process and of its descendants.
class ProgressLook {
 public:
  static ProgressLook at(pid_t process);

  /// No thread has run between the earlier look and this one, none wants to, and none has come.
  bool blocked_since(const ProgressLook& earlier) const;

 private:
  struct Thread {
    bool runnable;
    std::string run_time;  // and how often it got to run, as the kernel prints both
    bool operator==(const Thread&) const = default;
  };

  std::map<pid_t, Thread> threads_;
};

}  // namespace heddle::inject

#endif
