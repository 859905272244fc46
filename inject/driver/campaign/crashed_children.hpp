// crashed_children.hpp: the processes of a run that crashed, other than the program itself.
#pragma once

#include <heddle/inject_record.h>

#include <string>
#include <vector>

#include "process/leftovers.hpp"

namespace heddle::inject {

struct CrashedChild {
  int signal = 0;
  std::string name;  // "a child, #0.f1"; with the file name of its program where that is another
};

/// Returns the children whose parents have learnt of their crash, and the orphans that had crashed
/// before they were ended. `program` is the file name of the run's program.
std::vector<CrashedChild> crashed_children(const heddle_inject_record& record,
                                           const std::vector<EndedProcess>& orphans,
                                           const std::string& program);

}  // namespace heddle::inject
