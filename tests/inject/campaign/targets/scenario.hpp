// scenario.hpp: many small programs in one file; the first argument chooses one.
#pragma once

#include <cstdio>
#include <string_view>

struct Scenario {
  std::string_view name;
  int (*run)();
};

/// Runs the scenario that the first argument names and returns what it returns; 2 if there is none.
template <std::size_t count>
int run_scenario(const Scenario (&scenarios)[count], int argument_count, char** arguments) {
  for (const Scenario& scenario : scenarios) {
    if (argument_count == 2 && scenario.name == arguments[1]) {
      return scenario.run();
    }
  }
  static_cast<void>(std::fprintf(stderr, "usage: %s PROGRAM\n", arguments[0]));
  return 2;
}
