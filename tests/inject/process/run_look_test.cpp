// Looks at a program that waits in one way after another.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <process/leftovers.hpp>
#include <process/run_look.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using namespace heddle::inject;

class WaitingProgram {
 public:
  explicit WaitingProgram(const std::string& way) : process_(fork()) {
    if (process_ == 0) {
      setpgid(0, 0);
      execl(WAITS, WAITS, way.c_str(), "now", nullptr);
      _exit(127);
    }
  }
  WaitingProgram(const WaitingProgram&) = delete;
  WaitingProgram& operator=(const WaitingProgram&) = delete;
  ~WaitingProgram() {
    for (const pid_t member : process_tree(process_)) {
      kill(member, SIGKILL);
    }
    waitpid(process_, nullptr, 0);
  }

  /// A look at which so many threads sleep, the last in the call. A machine under load takes its
  /// time to bring them there; if they never come, the test's own limit ends this.
  RunLook look_in(const std::string& call, std::size_t threads) const {
    for (;;) {
      RunLook look = look_at({process_tree(process_), {}, {getpid()}});
      if (look.threads.size() == threads && look.threads.back().call == call &&
          std::ranges::find(look.threads, Outlook::runs, &ThreadLook::outlook) ==
              look.threads.end()) {
        return look;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

 private:
  pid_t process_;
};

struct Expectation {
  std::string way;
  std::string call;
  Outlook outlook;
  std::size_t threads = 1;
};

TEST_CASE("what a thread waits for says who could wake it") {
  const auto expected = GENERATE(values<Expectation>({
      {"locks-twice", "futex", Outlook::inside},
      {"joins", "futex", Outlook::inside, 2},
      {"waits-for-child", "futex", Outlook::inside, 2},
      {"reads-own-pipe", "read", Outlook::inside},
      {"polls-own-pipe", "poll", Outlook::inside},
      {"waits-for-events-of-pipe", "epoll_wait", Outlook::inside},
      {"waits-in-shared-memory", "futex", Outlook::inside},
      {"waits-in-file", "futex", Outlook::outside},
      {"receives", "recvfrom", Outlook::outside},
      {"pauses", "pause", Outlook::outside},
      {"stops", "", Outlook::outside},
      {"polls-own-pipe-in-time", "poll", Outlook::timed},
      {"sleeps", "clock_nanosleep", Outlook::timed},
      {"sleeps-until", "clock_nanosleep", Outlook::timed},
      {"waits-for-semaphore-in-time", "futex", Outlook::timed},
      {"selects-in-time", "pselect6", Outlook::timed},
      {"waits-for-events-of-timer", "epoll_wait", Outlook::timed},
      {"receives-in-time", "recvfrom", Outlook::timed},
      {"waits-for-signal-in-time", "rt_sigtimedwait", Outlook::timed},
      {"pauses-until-alarm", "pause", Outlook::timed},
      {"pauses-until-timer", "pause", Outlook::timed},
  }));
  CAPTURE(expected.way);
  const WaitingProgram program(expected.way);
  const RunLook look = program.look_in(expected.call, expected.threads);
  for (const ThreadLook& thread : look.threads) {
    CAPTURE(thread.call);
    CHECK(thread.outlook == expected.outlook);
  }
}

TEST_CASE("how long a wait may still take is known") {
  const auto [way, call] = GENERATE(table<std::string, std::string>({
      {"sleeps", "clock_nanosleep"},
      {"sleeps-until", "clock_nanosleep"},
      {"waits-for-semaphore-in-time", "futex"},
      {"waits-for-events-of-timer", "epoll_wait"},
      {"receives-in-time", "recvfrom"},
  }));
  CAPTURE(way);
  const WaitingProgram program(way);
  const RunLook look = program.look_in(call, 1);
  REQUIRE(look.threads.front().left_ms.has_value());
  CHECK(*look.threads.front().left_ms > 0);
  CHECK(*look.threads.front().left_ms <= 4'000'000);
}

TEST_CASE("two looks at a thread that waits are the same, and those at one that runs are not") {
  const WaitingProgram waits("locks-twice");
  CHECK(waits.look_in("futex", 1).run_times == waits.look_in("futex", 1).run_times);
  const WaitingProgram retries("retries-for-ever");
  const auto first = retries.look_in("clock_nanosleep", 1).run_times;
  while (retries.look_in("clock_nanosleep", 1).run_times == first) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace
}  // namespace heddle::tests
