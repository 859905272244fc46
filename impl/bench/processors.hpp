// Which processors the process runs on.
#pragma once

#include <sched.h>

namespace heddle::bench {

/// Restricts the calling thread, and the threads it will start, to the first `count` of the
/// processors that it may use now, or to all if there are fewer; until this object dies.
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
