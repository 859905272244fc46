#include "support/finished_process.hpp"

#include <cstdlib>

#include "support/program_run.hpp"

namespace heddle::tests {

FinishedProcess run(const std::vector<std::string>& command, const Environment& added) {
  ProgramRun ended = run_program(command, [&] {
    for (const auto& [name, value] : added) {
      setenv(name.c_str(), value.c_str(), 1);
    }
  });
  return {ended.status, std::move(ended.standard_output), std::move(ended.standard_error)};
}

FinishedProcess run_with_plan(const std::vector<std::string>& expressions,
                              const std::vector<std::string>& command) {
  std::vector<std::string> whole{HEDDLE_INJECT_PROGRAM, "run"};
  for (const std::string& expression : expressions) {
    whole.insert(whole.end(), {"-e", expression});
  }
  whole.emplace_back("--");
  whole.insert(whole.end(), command.begin(), command.end());
  return run(whole);
}

}  // namespace heddle::tests
