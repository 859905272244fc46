// steers_gates: holds two threads just before their calls, and lets them go one after the other;
// then opens the gate for good; then passes its own calls through.
#include <dlfcn.h>
#include <heddle/inject_control.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdio>

namespace {

std::atomic<int> gone_on{0};

void* yield_once(void*) {
  sched_yield();
  gone_on.fetch_add(1);
  return nullptr;
}

/// Waits until the word is at least so much.
void wait_for(std::uint32_t& word, std::uint32_t count) {
  for (std::uint32_t seen = 0; (seen = std::atomic_ref(word).load()) < count;) {
    syscall(SYS_futex, &word, FUTEX_WAIT, seen, nullptr);
  }
}

void release(heddle_inject_rule& rule, std::uint32_t count) {
  std::atomic_ref(rule.released).store(count);
  syscall(SYS_futex, &rule.released, FUTEX_WAKE, INT_MAX);
}

void arm(heddle_inject_control& control, const heddle_inject_rule& rule) {
  control.rules[0] = rule;
  control.rule_count = 1;
  std::atomic_ref(control.armed).fetch_add(1, std::memory_order_release);
}

void hold_and_release(heddle_inject_control& control) {
  heddle_inject_rule& rule = control.rules[0];
  pthread_t threads[2];
  pthread_create(&threads[0], nullptr, &yield_once, nullptr);
  wait_for(rule.held, 1);
  pthread_create(&threads[1], nullptr, &yield_once, nullptr);
  wait_for(rule.held, 2);
  std::printf("held 2, gone on %d\n", gone_on.load());
  release(rule, 1);
  pthread_join(threads[0], nullptr);
  std::printf("released 1, gone on %d\n", gone_on.load());
  release(rule, UINT32_MAX);
  pthread_join(threads[1], nullptr);
  sched_yield();
  std::printf("open, gone on %d, held %u\n", gone_on.load(), rule.held);
}

void pass_through(heddle_inject_control& control, std::uint32_t& its_switch) {
  its_switch = 1;
  const int passed = sched_yield();
  its_switch = 0;
  const int failed = sched_yield();
  std::printf("passed through %d, then %d, looked at %d\n", passed, failed,
              static_cast<int>(heddle_inject_reached(&control, 0)));
}

template <typename Function>
Function find(const char* symbol) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, symbol));
}

}  // namespace

int main() {
  heddle_inject_control& control =
      *find<heddle_inject_control_function>(HEDDLE_INJECT_CONTROL_SYMBOL)();
  heddle_inject_rule rule{};
  rule.call = HEDDLE_INJECT_SCHED_YIELD;
  rule.action = HEDDLE_INJECT_GATE;
  rule.first = 1;
  rule.last = UINT64_MAX;
  rule.step = 1;
  arm(control, rule);
  hold_and_release(control);
  std::atomic_ref(control.armed).store(0);
  for (heddle_inject_totals& totals : control.totals) {
    totals = {};
  }
  rule.action = HEDDLE_INJECT_ERROR;
  rule.error = ENOSYS;
  arm(control, rule);
  pass_through(control,
               *find<heddle_inject_pass_through_function>(HEDDLE_INJECT_PASS_THROUGH_SYMBOL)());
  return 0;
}
