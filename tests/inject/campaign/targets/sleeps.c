// Waits for a signal; linked statically, so that no library can be preloaded.
#include <unistd.h>

int main(void) {
  pause();
  return 0;
}
