// Runtimes that park lawfully and block all signals: BLOCKS says where.
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <heddle/adapter.hpp>
#include <memory>
#include <semaphore>
#include <thread>

#include "parking_subject.hpp"

namespace {

namespace kit = heddle::kit;

enum Place {
  blocks_signals_in_threads,
  blocks_signals_in_park,
};

struct Parker {
  std::counting_semaphore<> wakes{0};
  std::atomic<bool> token = false;
};
using Handle = std::shared_ptr<Parker>;

Handle& own() {
  thread_local Handle parker = std::make_shared<Parker>();
  return parker;
}

sigset_t block_all() {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  return before;
}

void spawn(const heddle_builder* /*builder*/, heddle_body body, heddle_cookie env,
           heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = kit::give(std::thread([closure = kit::Closure(body, env)]() mutable {
      if (BLOCKS == blocks_signals_in_threads) {
        block_all();
      }
      const kit::Value dies_here = closure();
    }));
  });
}

void join(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<std::thread>(handle)->join(); });
}

void current(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome& outcome) { outcome.handle = kit::give(own()); });
}

void clone(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.handle = kit::give(Handle(kit::borrow<Handle>(handle)));
  });
}

void drop(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) { kit::take<Handle>(handle); });
}

void id(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome& outcome) {
    outcome.value = reinterpret_cast<std::uintptr_t>(kit::borrow<Handle>(handle).get());
  });
}

void unpark(void* handle, heddle_outcome* out) {
  kit::call(out, [&](heddle_outcome&) {
    Parker& parker = *kit::borrow<Handle>(handle);
    if (!parker.token.exchange(true)) {
      parker.wakes.release();
    }
  });
}

void park(heddle_outcome* out) {
  kit::call(out, [](heddle_outcome&) {
    sigset_t before;
    if (BLOCKS == blocks_signals_in_park) {
      before = block_all();
    }
    own()->wakes.acquire();
    own()->token.exchange(false);
    if (BLOCKS == blocks_signals_in_park) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
  });
}

}  // namespace

const heddle_subject_table* heddle_subject(const heddle_host* host) {
  return heddle::tests::enter_parking_subject(host, "blocks signals",
                                              {.spawn = spawn,
                                               .join = join,
                                               .current = current,
                                               .clone = clone,
                                               .drop = drop,
                                               .id = id,
                                               .unpark = unpark,
                                               .park = park});
}
