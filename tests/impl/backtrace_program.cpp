// Panics, so that the default hook shows what the environment asks for; and then has threads taken
// away, whose destructors must run although libunwind has been loaded.
#include <pthread.h>
#include <unistd.h>
#include <heddle/io.hpp>
#include <heddle/panic.hpp>
#include <heddle/thread.hpp>

namespace {

[[gnu::noinline]] void innermost() {
  heddle::panic::panic("snap");
}

[[gnu::noinline]] void middle() {
  innermost();
  asm volatile("");  // not a tail call
}

struct Witness {
  ~Witness() { heddle::io::eprint("destroyed\n"); }
};

}  // namespace

int main() {
  static_cast<void>(heddle::thread::spawn([] { middle(); }).join());
  static_cast<void>(heddle::thread::spawn([] { middle(); }).join());
  static_cast<void>(heddle::thread::spawn([] {
                      const Witness witness;
                      pthread_exit(nullptr);
                    }).join_outcome());
  auto cancelled = heddle::thread::spawn([] {
    const Witness witness;
    for (;;) {
      pause();
    }
  });
  pthread_cancel(cancelled.as_pthread_t());
  static_cast<void>(std::move(cancelled).join_outcome());
  return 0;
}
