/* Preloaded, it looks to the suite like ThreadSanitizer, and gives the main thread a signal stack
 * as sanitizers do. */
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

void __tsan_init(void);
void __tsan_init(void) {}

static char stack[65536];

__attribute__((constructor)) static void give_signal_stack(void) {
  const stack_t alternative = {.ss_sp = stack, .ss_flags = 0, .ss_size = sizeof stack};
  if (sigaltstack(&alternative, NULL) != 0) {
    abort();
  }
}
