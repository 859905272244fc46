#include "runner/case_check.hpp"

#include <fmt/format.h>

#include <exception>

#include "stage/held_handles.hpp"
#include "stage/leak_search.hpp"
#include "stage/stage_case.hpp"

namespace heddle::conformance {

void run_check(const Clause& clause, const Program& program, Evidence& evidence,
               const heddle_subject_table& table) {
  enter_case(table, evidence, clause.faults);
  evidence.began.store(1, std::memory_order_release);
  try {
    clause.scenario.check(program);
  } catch (const std::exception& exception) {
    internal_error(fmt::format("the check ended in an exception: {}", exception.what()));
  }
  evidence.finished.store(1, std::memory_order_release);
  if (all_handles_are_held()) {
    search_leaks();
    evidence.searched.store(1, std::memory_order_release);
  }
}

}  // namespace heddle::conformance
