// C++'s thread_local variables as slots of the suite.
#pragma once

#include <heddle/subject.h>

namespace heddle::libstdcxx {

/// Eight lazy slots with and without destructor, eight constant ones with and without. No try_with:
/// in C++ an access after the destructor is undefined.
extern const heddle_tls tls_table;

}  // namespace heddle::libstdcxx
