// steers_itself: finds the control block of its own process and arms it twice.
#include <dlfcn.h>
#include <heddle/inject_control.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>

#include "performed_call.hpp"

namespace {

void arm(heddle_inject_control& control, std::uint32_t generation) {
  std::atomic_ref(control.armed).store(generation, std::memory_order_release);
}

void print_three_calls() {
  const int first = heddle::tests::perform("pthread_create");
  const int second = heddle::tests::perform("pthread_create");
  const int third = heddle::tests::perform("pthread_create");
  std::printf("%d %d %d\n", first, second, third);
}

}  // namespace

int main() {
  void* const symbol = dlsym(RTLD_DEFAULT, HEDDLE_INJECT_CONTROL_SYMBOL);
  if (symbol == nullptr) {
    return 2;
  }
  heddle_inject_control& control = *reinterpret_cast<heddle_inject_control_function>(symbol)();
  if (control.protocol != HEDDLE_INJECT_PROTOCOL || control.size != sizeof control ||
      control.armed != 0) {
    return 3;
  }
  for (const std::uint32_t count : {HEDDLE_INJECT_COUNT_THREAD, HEDDLE_INJECT_COUNT_PROCESS}) {
    heddle_inject_rule& rule = control.rules[0];
    rule = {};
    rule.call = HEDDLE_INJECT_PTHREAD_CREATE;
    rule.action = HEDDLE_INJECT_ERROR;
    rule.count = count;
    rule.error = EAGAIN;
    rule.first = 2;
    rule.last = 2;
    control.rule_count = 1;
    std::ranges::fill(control.totals, heddle_inject_totals{});
    print_three_calls();
    arm(control, 10 + count);
    print_three_calls();
    arm(control, 20 + count);
    print_three_calls();
    arm(control, 0);
    print_three_calls();
    std::printf("%d of %d\n", static_cast<int>(heddle_inject_fired(&control, 0)),
                static_cast<int>(heddle_inject_reached(&control, 0)));
  }
  return 0;
}
