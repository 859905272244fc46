#include "contenders/shared_library.hpp"

#include "contenders/floor_thread_locals.hpp"
#include "contenders/heddle_thread_locals.hpp"
#include "contenders/libstdcxx_thread_locals.hpp"

namespace heddle::bench {

const ThreadLocals* heddle_in_shared_library() {
  return &heddle_thread_locals;
}

const ThreadLocals* libstdcxx_in_shared_library() {
  return &libstdcxx_thread_locals;
}

const ThreadLocals* floor_in_shared_library() {
  return &floor_thread_locals;
}

}  // namespace heddle::bench
