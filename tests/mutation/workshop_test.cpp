// What a mutant is built into: the objects that it reaches, and proof where nothing differs.
#include "mutation/workshop.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

#include "mutation/mutant.hpp"
#include "support/catch.hpp"

using heddle::mutation::Built;
using heddle::mutation::Mutant;
using heddle::mutation::mutants_of;
using heddle::mutation::text_of_file;
using heddle::mutation::Workshop;

namespace {

// The first mutant of a file that turns this line into that one.
Mutant chosen(const std::string& file, const std::string& was, const std::string& is) {
  const auto mutants = mutants_of(file, text_of_file(HEDDLE_SOURCE "/" + file));
  const auto found = std::find_if(mutants.begin(), mutants.end(), [&](const Mutant& mutant) {
    return mutant.was == was && mutant.is == is;
  });
  INFO(file << ": " << was);
  REQUIRE(found != mutants.end());
  return *found;
}

}  // namespace

TEST_CASE("a mutant becomes a subject, or is invalid, or the same") {
  Workshop workshop({HEDDLE_SOURCE, HEDDLE_COMPILER, HEDDLE_MUTATION_WORK});
  const std::string parker = "impl/thread/parker.cpp";

  const std::string wake = "sys::futex_wake_one(state_);";
  const Built changed = workshop.build(chosen(parker, wake, ";"), 2);
  CHECK(changed.state == Built::State::ready);
  CHECK(std::filesystem::exists(changed.subject));
  CHECK(std::filesystem::exists(changed.unmutated));

  const std::string annotation = "sys::annotations::acquires(&state_);";
  CHECK(workshop.build(chosen(parker, annotation, ";"), 2).state == Built::State::equivalent);

  Mutant broken = chosen(parker, wake, ";");
  broken.replacement = "no such function;";
  CHECK(workshop.build(broken, 2).state == Built::State::invalid);

  // A template that the adapter alone makes functions of.
  const std::string wait = "~WaitUntilDone() { data.wait_until_done(); }";
  const Mutant header =
      chosen("impl/include/heddle/thread/scope.hpp", wait, "~WaitUntilDone() { ; }");
  CHECK(workshop.build(header, 2).state == Built::State::ready);
}
