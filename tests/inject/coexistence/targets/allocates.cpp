// allocates: allocates on two threads, a large block last, and tells which allocator that was.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

int main() {
  std::printf("jemalloc: %d\n", dlsym(RTLD_DEFAULT, "mallctl") != nullptr);
  std::vector<std::string> texts;
  for (int round = 0; round < 2; ++round) {
    std::thread([&texts] {
      for (int index = 0; index < 50; ++index) {
        texts.push_back(std::string(static_cast<std::size_t>(index) * 100, 'x'));
      }
    }).join();
  }
  void* const zeroed = std::calloc(3, 1000);
  void* volatile large = std::malloc(std::size_t{64} << 20);
  std::printf("%zu texts, %d, %d\n", texts.size(), zeroed != nullptr, large != nullptr);
  std::free(large);
  std::free(zeroed);
  return 8;
}
