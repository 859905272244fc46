// calls_before_start_up.cpp: a library whose constructor makes every call. Linked with -z initfirst
// and preloaded after the shim, it is initialised before it.
#include <cstdio>

#include "performed_call.hpp"

namespace {

__attribute__((constructor)) void make_calls() {
  heddle::tests::perform_every_call();
  std::puts("constructor ran");
}

}  // namespace
