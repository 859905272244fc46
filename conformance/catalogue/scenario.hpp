// Scenarios: a clause's check runs one, or one for each generated program.
//
// The runner sees a program as bytes: one process generates and shrinks it, another runs it, and it
// is printed as a replay token.
#pragma once

#include <rapidcheck.h>

#include <cstddef>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace heddle::conformance {

using Program = std::vector<std::byte>;

struct Scenario {
  /// Runs the check on a program, which is empty for an example. In the case's process only.
  std::function<void(const Program&)> check;
  /// Generates programs; nothing for an example.
  std::optional<rc::Gen<Program>> programs;
  /// Describes a generated program in words, a line for each step.
  std::function<std::vector<std::string>(const Program&)> describe;
  /// What an example is given in a first look, if that is to be a part of it only.
  Program first_look = {};
};

template <class Step>
std::vector<Step> steps_of(const Program& program) {
  std::vector<Step> steps(program.size() / sizeof(Step));
  if (!steps.empty()) {
    std::memcpy(steps.data(), program.data(), steps.size() * sizeof(Step));
  }
  return steps;
}

/// Makes a scenario that erases the type of the steps and keeps the generator's shrinking. At size
/// 0, where a generator has little to say, it gives `first` unless that is empty.
template <class Step>
Scenario generated_scenario(rc::Gen<std::vector<Step>> programs,
                            std::function<void(std::span<const Step>)> check,
                            const std::vector<Step>& first) {
  static_assert(std::is_trivially_copyable_v<Step>);
  static_assert(std::has_unique_object_representations_v<Step>,
                "a step without padding, so that equal programs have equal tokens");
  if (!first.empty()) {
    programs = rc::gen::withSize([first, generated = std::move(programs)](int size) {
      return size == 0 ? rc::gen::just(first) : generated;
    });
  }
  return {
      .check = [check =
                    std::move(check)](const Program& program) { check(steps_of<Step>(program)); },
      .programs = rc::gen::map(std::move(programs),
                               [](const std::vector<Step>& steps) {
                                 const auto bytes = std::as_bytes(std::span(steps));
                                 return Program(bytes.begin(), bytes.end());
                               }),
      .describe =
          [](const Program& program) {
            std::vector<std::string> lines;
            for (const Step& step : steps_of<Step>(program)) {
              lines.push_back(describe(step));
            }
            return lines;
          },
  };
}

}  // namespace heddle::conformance
