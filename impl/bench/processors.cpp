#include "processors.hpp"

#include <cstdio>
#include <cstdlib>

namespace heddle::bench {
namespace {

void restrict_to(const cpu_set_t& processors) {
  if (::sched_setaffinity(0, sizeof processors, &processors) != 0) {
    // The figures would claim CPUs on which they were not taken.
    std::perror("heddle-bench: sched_setaffinity");
    std::exit(1);
  }
}

}  // namespace

Processors::Processors(int count) {
  if (::sched_getaffinity(0, sizeof before_, &before_) != 0) {
    std::perror("heddle-bench: sched_getaffinity");
    std::exit(1);
  }
  cpu_set_t first;
  CPU_ZERO(&first);
  for (int processor = 0; processor < CPU_SETSIZE && CPU_COUNT(&first) < count; ++processor) {
    if (CPU_ISSET(processor, &before_)) {
      CPU_SET(processor, &first);
    }
  }
  restrict_to(first);
}

Processors::~Processors() {
  restrict_to(before_);
}

}  // namespace heddle::bench
