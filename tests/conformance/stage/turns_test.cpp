#include "stage/turns.hpp"

#include "support/catch.hpp"

using heddle::conformance::Turns;

TEST_CASE("a loop is left after a few turns, until an instruction comes that is new") {
  Turns turns;
  for (std::uint32_t turn = 0; turn < Turns::most; ++turn) {
    CHECK_FALSE(turns.are_over(0x10));
    CHECK_FALSE(turns.are_over(0x14));
  }
  // The second instruction was new after the first, which so has one turn more.
  CHECK_FALSE(turns.are_over(0x10));
  CHECK(turns.are_over(0x14));
  CHECK(turns.are_over(0x10));
  CHECK_FALSE(turns.are_over(0x18));
  CHECK_FALSE(turns.are_over(0x10));
}

TEST_CASE("a call of very many instructions is no loop") {
  Turns turns;
  for (std::uintptr_t instruction = 1; instruction < 10'000; ++instruction) {
    CHECK_FALSE(turns.are_over(instruction));
  }
}
