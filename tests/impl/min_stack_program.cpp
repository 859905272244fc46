// Prints the default stack size twice, the second time after changing what it was read from.
#include <heddle/thread/builder.hpp>

#include <cstdio>
#include <cstdlib>

int main() {
  const std::size_t first = heddle::thread::min_stack();
  setenv("RUST_MIN_STACK", "12345", 1);
  std::printf("default %zu, then %zu\n", first, heddle::thread::min_stack());
}
