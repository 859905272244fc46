// C++'s thread_local variables as slots of the suite.
#pragma once

#include <heddle/subject.h>

namespace heddle::libstdcxx {

/// Eight slots of each kind: lazy or constant, with or without destructor. try_with is null: in C++
/// an access after the destructor is undefined.
extern const heddle_tls tls_table;

}  // namespace heddle::libstdcxx
