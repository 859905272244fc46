// loaded_library.cpp: makes every call when it is loaded, asked, and unloaded.
#include <cstdio>

#include "../../targets/performed_call.hpp"

namespace {

__attribute__((constructor)) void come() {
  heddle::tests::perform_every_call();
  std::puts("constructed");
}

__attribute__((destructor)) void go() {
  heddle::tests::perform_every_call();
  std::puts("destructed");
  static_cast<void>(std::fflush(stdout));
}

}  // namespace

extern "C" void call_from_library() {
  heddle::tests::perform_every_call();
}
