// Threads that come and go, wait for each other, and are cancelled.
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "scenario.hpp"

namespace heddle::tests {
namespace {

struct Announces {
  const char* what;
  ~Announces() { std::printf("%s destroyed\n", what); }
};

/// Writes "ready" for its creator, then waits for a byte that never comes.
struct Pipe {
  int ends[2];
  Pipe() { REQUIRE_THAT(pipe(&ends[0]) == 0); }
};

void* wait_in_read(void* pipe) {
  const Announces announces{"deferred"};
  char byte = 0;
  static_cast<void>(read(static_cast<Pipe*>(pipe)->ends[0], &byte, 1));
  return nullptr;
}

void* wait_with_full_mask(void* /*unused*/) {
  const Announces announces{"masked"};
  sigset_t all;
  sigfillset(&all);
  static_cast<void>(ppoll(nullptr, 0, nullptr, &all));
  return nullptr;
}

std::atomic<bool> spins{false};

/// Cancellation bursts into it at any instruction, for which no frame with a destructor has tables.
void read_for_ever(int descriptor) {
  spins.store(true);
  for (;;) {
    char byte = 0;
    // Not a cancellation point: the signal of pthread_cancel interrupts it, or what surrounds it.
    static_cast<void>(inline_system_call(SYS_read, descriptor, reinterpret_cast<long>(&byte), 1));
  }
}

void* wait_asynchronously(void* pipe) {
  const Announces announces{"asynchronous"};
  REQUIRE_THAT(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr) == 0);
  // The compiler must not see that nothing in there throws: the call would have no table either.
  void (*volatile body)(int) = read_for_ever;
  body(static_cast<Pipe*>(pipe)->ends[0]);
  return nullptr;
}

void check_cancelled(pthread_t thread) {
  REQUIRE_THAT(pthread_cancel(thread) == 0);
  void* result = nullptr;
  REQUIRE_THAT(pthread_join(thread, &result) == 0);
  REQUIRE_THAT(result == PTHREAD_CANCELED);
}

}  // namespace

int spawn_and_join() {
  std::atomic<int> ran{0};
  for (int round = 0; round < 500; ++round) {
    std::thread threads[4];
    for (std::thread& thread : threads) {
      thread = std::thread([&ran] { ran.fetch_add(1); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }
  std::printf("%d threads\n", ran.load());
  return 0;
}

int spawn_detached() {
  std::mutex mutex;
  std::condition_variable all_ran;
  int ran = 0;
  for (int index = 0; index < 200; ++index) {
    std::thread([&] {
      const std::lock_guard lock(mutex);
      ++ran;
      all_ran.notify_one();
    }).detach();
  }
  std::unique_lock lock(mutex);
  all_ran.wait(lock, [&] { return ran == 200; });
  std::printf("%d threads\n", ran);
  std::fflush(stdout);
  // A thread that has just notified may still be using what this function would destroy.
  _exit(0);
}

int contend_for_mutex() {
  std::mutex mutex;
  long sum = 0;
  std::thread threads[4];
  for (std::thread& thread : threads) {
    thread = std::thread([&] {
      for (int step = 0; step < 20000; ++step) {
        const std::lock_guard lock(mutex);
        ++sum;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::printf("%ld\n", sum);
  return 0;
}

int wait_on_condition() {
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0;
  const auto take_turns = [&](int own) {
    for (int step = 0; step < 2000; ++step) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return turn % 2 == own; });
      ++turn;
      changed.notify_one();
    }
  };
  std::thread other(take_turns, 1);
  take_turns(0);
  other.join();
  std::printf("%d turns\n", turn);
  return 0;
}

int cancel_deferred() {
  for (int round = 0; round < 20; ++round) {
    Pipe pipe;
    pthread_t thread{};
    REQUIRE_THAT(pthread_create(&thread, nullptr, wait_in_read, &pipe) == 0);
    check_cancelled(thread);
  }
  return 0;
}

int cancel_masked_wait() {
  for (int round = 0; round < 20; ++round) {
    pthread_t thread{};
    REQUIRE_THAT(pthread_create(&thread, nullptr, wait_with_full_mask, nullptr) == 0);
    check_cancelled(thread);
  }
  return 0;
}

int cancel_asynchronously() {
  for (int round = 0; round < 20; ++round) {
    Pipe pipe;
    pthread_t thread{};
    spins.store(false);
    REQUIRE_THAT(pthread_create(&thread, nullptr, wait_asynchronously, &pipe) == 0);
    while (!spins.load()) {
      std::this_thread::yield();
    }
    check_cancelled(thread);
  }
  return 0;
}

int leave_by_pthread_exit() {
  std::thread([] {
    const Announces announces{"exiting"};
    pthread_exit(nullptr);
  }).join();
  return 0;
}

}  // namespace heddle::tests
