// linked_library: a program whose library makes every call before main and after it, as do the
// constructor and the destructor of an object of its own.
#include <cstdio>
#include <cstdlib>

#include "../../targets/performed_call.hpp"

extern "C" void call_from_library();

namespace {

struct CallsBeforeAndAfter {
  CallsBeforeAndAfter() {
    heddle::tests::perform_every_call();
    std::puts("before main");
  }
  ~CallsBeforeAndAfter() {
    heddle::tests::perform_every_call();
    std::puts("after main");
  }
};

CallsBeforeAndAfter object;

}  // namespace

int main() {
  call_from_library();
  return std::atexit([] { std::puts("at exit"); });
}
