// call_cost: what one call costs, in nanoseconds.
//
//   call_cost by-name THREADS   of mmap: plain, and as the preloaded library wraps it. Beneath the
//                               shim also wrapped but disarmed, then armed with a rule that asks
//                               for a call stack and never fires.
//   call_cost inline            of a system call that nobody makes by name.
//
// Each figure is the fastest of many short batches. The batches of all figures take turns, so that
// other work of the machine meets all figures and counts in none. Two threads are in the same batch
// at once.
#include <dlfcn.h>
#include <heddle/inject_control.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr int batches = 1000;
constexpr int inline_batches = 100;  // slow under a tracer
constexpr int calls_in_batch = 200;

using MapFunction = decltype(&mmap);

enum Way { plain, disarmed, armed, ways };
using Costs = std::array<double, ways>;
constexpr Costs not_measured{1e9, 1e9, 1e9};

double time_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Times a batch of mmap calls with a bad descriptor, which the kernel notices before it takes any
/// lock: threads do not wait for one another there.
[[gnu::noinline]] double batch_ns(MapFunction map) {
  const double start = time_ns(CLOCK_THREAD_CPUTIME_ID);
  for (int call = 0; call < calls_in_batch; ++call) {
    static_cast<void>(map(nullptr, 4096, PROT_NONE, MAP_PRIVATE, -1, 0));
  }
  return (time_ns(CLOCK_THREAD_CPUTIME_ID) - start) / calls_in_batch;
}

/// Finds libc's own mmap, whatever is preloaded.
MapFunction plain_mmap() {
  void* const libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  void* const symbol = libc != nullptr ? dlsym(libc, "mmap") : nullptr;
  if (symbol == nullptr) {
    std::fputs("call_cost: libc.so.6 has no mmap\n", stderr);
    std::exit(1);
  }
  return reinterpret_cast<MapFunction>(symbol);
}

/// Finds the shim's control block; null when another library is preloaded, or none.
heddle_inject_control* find_control() {
  void* const symbol = dlsym(RTLD_DEFAULT, HEDDLE_INJECT_CONTROL_SYMBOL);
  return symbol == nullptr ? nullptr : reinterpret_cast<heddle_inject_control_function>(symbol)();
}

void write_rule(heddle_inject_control& control) {
  heddle_inject_rule& rule = control.rules[0];
  rule = {};
  rule.call = HEDDLE_INJECT_MMAP;
  rule.action = HEDDLE_INJECT_ERROR;
  rule.error = 1;
  rule.first = rule.last = 1;
  rule.stack = 1;  // no call's
  control.rule_count = 1;
}

Costs measure(int threads) {
  heddle_inject_control* const control = find_control();
  if (control != nullptr) {
    std::atomic_ref(control->armed).store(0);
    write_rule(*control);
  }
  const MapFunction unwrapped = plain_mmap();
  const MapFunction wrapped = &mmap;
  int turn = -1;
  Way way = plain;
  // The completion runs while all threads wait.
  std::barrier next_turn(threads, [&]() noexcept {
    way = static_cast<Way>(++turn % ways);
    if (control != nullptr) {
      std::atomic_ref(control->armed).store(way == armed ? 1 : 0);
    }
  });
  std::vector<Costs> best(static_cast<std::size_t>(threads), not_measured);
  const auto take_turns = [&](Costs& own) {
    for (int batch = 0; batch < batches * ways; ++batch) {
      next_turn.arrive_and_wait();
      own.at(way) = std::min(own.at(way), batch_ns(way == plain ? unwrapped : wrapped));
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t index = 1; index < best.size(); ++index) {
    others.emplace_back([&, index] { take_turns(best[index]); });
  }
  take_turns(best[0]);
  others.clear();
  Costs slowest{};
  for (const Costs& own : best) {
    std::ranges::transform(own, slowest, slowest.begin(),
                           [](double a, double b) { return std::max(a, b); });
  }
  return slowest;
}

/// Times an inline system call by the wall clock, because a tracer's time is not the thread's own.
double inline_call_ns() {
  double best = not_measured[0];
  for (int batch = 0; batch < inline_batches; ++batch) {
    const double start = time_ns(CLOCK_MONOTONIC);
    for (int call = 0; call < calls_in_batch; ++call) {
      long result = SYS_getppid;
      __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
    }
    best = std::min(best, (time_ns(CLOCK_MONOTONIC) - start) / calls_in_batch);
  }
  return best;
}

}  // namespace

int main(int argument_count, char** arguments) {
  const std::string_view what = argument_count > 1 ? arguments[1] : "";
  if (what == "inline") {
    std::printf("%f\n", inline_call_ns());
  } else if (what == "by-name" && argument_count == 3) {
    const Costs costs = measure(std::atoi(arguments[2]));
    std::printf("%f %f %f\n", costs[plain], costs[disarmed], costs[armed]);
  } else {
    std::fputs("usage: call_cost by-name THREADS | inline\n", stderr);
    return 2;
  }
  return 0;
}
