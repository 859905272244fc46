// The `main` of builds without rustc. In all others rust/main.rs starts the benchmark.
#include "bench_main.hpp"

int main(int argc, char** argv) {
  return heddle_bench_main(argc, argv, nullptr);
}
