// The system calls that the shim makes of its own, held against the chapter that lists them.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "campaign.hpp"
#include "plan/plan_file.hpp"
#include "support/catch.hpp"

namespace heddle::tests {
namespace {

using Names = std::set<std::string>;

/// The names that a trace begins its lines with, from the line on that has `begin` in it.
Names calls_in(const std::filesystem::path& trace, const std::string& begin) {
  const std::regex call(R"(^\d+ +(\w+)\()");
  std::ifstream file(trace);
  Names names;
  bool begun = false;
  for (std::string line; std::getline(file, line);) {
    std::smatch match;
    if (begun && std::regex_search(line, match, call)) {
      names.insert(match[1]);
    }
    begun = begun || line.find(begin) != std::string::npos;
  }
  return names;
}

/// What the chapter's table names between backquotes.
Names documented_calls() {
  std::ifstream file(INJECT_DOCS "/what_it_sees.md");
  const std::regex name("`([a-z0-9_]+)`");
  Names names;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    inside = inside || line.starts_with("## System calls");
    if (inside && line.starts_with("|")) {
      for (std::sregex_iterator match(line.begin(), line.end(), name), end; match != end; ++match) {
        names.insert((*match)[1]);
      }
    }
  }
  return names;
}

struct Traced {
  int status;
  Names calls;
};

Traced trace(const std::string& program, const std::string& begin,
             const std::vector<std::string>& environment) {
  const TestFolder folder;
  std::vector<std::string> command{"strace", "-f", "-o", folder.file("trace")};
  for (const std::string& variable : environment) {
    command.insert(command.end(), {"-E", variable});
  }
  command.insert(command.end(), {ENDS_BADLY, program});
  const int status = run(command).status;
  return {status, calls_in(folder.file("trace"), begin)};
}

/// As in the recorded run of a campaign.
Traced trace_with_shim(const std::string& program, const std::string& begin) {
  auto plan = inject::PlanFile::create({std::uint32_t{HEDDLE_INJECT_COUNT_CALLS} |
                                            std::uint32_t{HEDDLE_INJECT_OBSERVE_EXIT} |
                                            std::uint32_t{HEDDLE_INJECT_RECORD},
                                        1024});
  REQUIRE(plan.has_value());
  REQUIRE(plan->arm({}).has_value());
  return trace(program, begin, {"LD_PRELOAD=" INJECT_SHIM, "HEDDLE_INJECT=" + plan->path()});
}

bool cannot_trace() {
  if (run({"sh", "-c", "strace -o /dev/null true"}).status == 0) {
    return false;
  }
  WARN("skipped: strace is missing, or may not trace");
  return true;
}

TEST_CASE("the chapter lists all system calls of the shim's own") {
  if (cannot_trace()) {
    return;
  }
  const Traced plain = trace("always-fails", "execve", {});
  const Traced shimmed = trace_with_shim("always-fails", "execve");
  CHECK(plain.status == 1);
  CHECK(shimmed.status == 1);
  const Names documented = documented_calls();
  Names added;
  for (const std::string& call : shimmed.calls) {
    if (!plain.calls.contains(call)) {
      added.insert(call);
      INFO(call);
      CHECK(documented.contains(call));
    }
  }
  CHECK(added.contains("unshare"));  // its look at the end was traced
}

TEST_CASE("a program that filters its system calls makes no other under the shim") {
  if (cannot_trace()) {
    return;
  }
  const Traced plain = trace("filters-itself", "PR_SET_SECCOMP", {});
  const Traced shimmed = trace_with_shim("filters-itself", "PR_SET_SECCOMP");
  CHECK(plain.status == 0);
  CHECK(shimmed.status == 0);
  CHECK_FALSE(plain.calls.empty());
  CHECK(std::ranges::includes(plain.calls, shimmed.calls));
}

}  // namespace
}  // namespace heddle::tests
