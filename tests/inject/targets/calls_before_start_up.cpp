// calls_before_start_up.cpp: a library whose constructor makes every call. Preloaded after the
// shim, it is initialised before it.
#include "performed_call.h"

namespace {

__attribute__((constructor)) void make_calls() {
  for (const char* call : {"mmap", "mmap64", "sigaltstack", "futex.wake",
                           "pthread_attr_setstacksize", "pthread_create"}) {
    if (heddle::tests::perform(call) != 0) {
      std::printf("%s failed early\n", call);
    }
  }
  std::puts("constructor ran");
}

}  // namespace
