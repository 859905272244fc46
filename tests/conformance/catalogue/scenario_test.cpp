// Scenarios: which programs a clause is tried with.
#include "catalogue/scenario.hpp"

#include <algorithm>
#include <cstdint>

#include "support/catch.hpp"

namespace heddle::conformance {
namespace {

struct Turn {
  std::uint8_t by;
};

std::string describe(const Turn& turn) {
  return std::to_string(turn.by);
}

/// The program that a seed and a size make.
std::vector<std::uint8_t> program_of(const std::vector<Turn>& first, std::uint64_t seed, int size) {
  const auto turns = rc::gen::container<std::vector<Turn>>(
      rc::gen::construct<Turn>(rc::gen::just<std::uint8_t>(1)));
  const Scenario scenario = generated_scenario<Turn>(
      turns, [](std::span<const Turn>) {}, first);
  std::vector<std::uint8_t> program;
  for (const std::byte byte : (*scenario.programs)(rc::Random(seed), size).value()) {
    program.push_back(std::to_integer<std::uint8_t>(byte));
  }
  return program;
}

TEST_CASE("a property begins with the program that its clause names, whatever the seed") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CHECK(program_of({{7}, {8}}, seed, 0) == std::vector<std::uint8_t>{7, 8});
    const auto later = program_of({{7}, {8}}, seed, 50);
    CHECK(std::count(later.begin(), later.end(), 1) == std::ssize(later));
  }
}

TEST_CASE("a property whose clause names no program generates the first one too") {
  CHECK(program_of({}, 0, 0).empty());
}

}  // namespace
}  // namespace heddle::conformance
