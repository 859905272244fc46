// inject_bench [--long]: prints one table of the injector's speed beside that of strace and libfiu.
#include <fmt/core.h>

#include <cstdio>
#include <string_view>

#include "speed.hpp"
#include "table.hpp"

int main(int argument_count, char** arguments) {
  using namespace heddle::inject::bench;
  const bool is_long = argument_count == 2 && std::string_view(arguments[1]) == "--long";
  if (argument_count > 1 && !is_long) {
    fmt::print(stderr, "usage: inject/bench/run [--long]\n");
    return 2;
  }
  print_heading();
  measure_calls();
  measure_campaign();
  if (is_long) {
    measure_memory();
  }
  return 0;
}
