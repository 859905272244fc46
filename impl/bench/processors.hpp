// The processors that the process runs on.
#pragma once

#include <sched.h>

namespace heddle::bench {

/// Restricts the calling thread, and the threads that it starts, to the first `count` of the
/// processors that it may use, until this object dies. Fewer processors are all used.
class Processors {
 public:
  explicit Processors(int count);
  Processors(const Processors&) = delete;
  Processors& operator=(const Processors&) = delete;
  ~Processors();

 private:
  cpu_set_t before_;
};

}  // namespace heddle::bench
