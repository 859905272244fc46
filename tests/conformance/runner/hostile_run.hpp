// Runs of the suite on the subject that is hostile in the way that a test asks for.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "support/json_lines.hpp"
#include "support/program_run.hpp"

namespace heddle::tests {

inline const std::string hostile_subject = HEDDLE_TEST_SUBJECTS "/libhostile.so";

/// A file into which the subject's processes write their numbers.
class ToldNumbers {
 public:
  ToldNumbers() { std::filesystem::remove(path_); }
  ~ToldNumbers() { std::filesystem::remove(path_); }
  ToldNumbers(const ToldNumbers&) = delete;
  ToldNumbers& operator=(const ToldNumbers&) = delete;

  const std::string& path() const { return path_; }

  std::vector<pid_t> all() const {
    std::ifstream file(path_);
    std::vector<pid_t> numbers;
    for (pid_t number = 0; file >> number;) {
      numbers.push_back(number);
    }
    return numbers;
  }

  /// Waits until one process has told its number.
  void await() const {
    while (all().empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

 private:
  std::string path_ =
      (std::filesystem::temp_directory_path() / ("heddle-hostile-" + std::to_string(::getpid())))
          .string();
};

/// The suite's command line for the hostile subject. A hang costs it a second.
inline std::vector<std::string> hostile_command(std::vector<std::string> options,
                                                const std::string& factor = "0.1") {
  std::vector<std::string> command = {HEDDLE_CONFORM, hostile_subject, "--timeout-factor",
                                      factor,         "--format",      "json"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

/// To be called in the suite's process.
inline std::function<void()> hostile(const std::string& way, const std::string& file = "") {
  return [=] {
    ::setenv("HEDDLE_TEST_HOSTILE", way.c_str(), 1);
    ::setenv("HEDDLE_TEST_FILE", file.c_str(), 1);
  };
}

/// Clauses and their verdicts in a JSON report.
inline std::map<std::string, std::string> verdicts_of(const ProgramRun& run) {
  std::map<std::string, std::string> verdicts;
  for (const auto& line : json_lines_of(run.standard_output)) {
    if (line.contains("clause")) {
      verdicts[line.at("clause")] = line.at("verdict");
    }
  }
  return verdicts;
}

}  // namespace heddle::tests
