#include "command_line/recorded_target.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <filesystem>

#include "campaign/header.hpp"
#include "command_line/complaint.hpp"
#include "process/leftovers.hpp"
#include "program/program.hpp"

namespace heddle::inject {

tl::expected<RecordedTarget, RunFailure> record_target(const Target& target) {
  adopt_orphans();
  auto interrupts = std::make_unique<Interrupts>();
  auto runner = Runner::create(target, {interrupts->descriptor(), POLLIN, 0});
  if (!runner) {
    return tl::unexpected(runner.error());
  }
  auto runs = record_fault_free(**runner, target.options);
  if (!runs) {
    return tl::unexpected(runs.error());
  }
  if (!runs->recording.remark.empty()) {
    complain(runs->recording.remark);
  }
  return RecordedTarget{std::move(interrupts), std::move(*runner), std::move(*runs)};
}

int complain_of_trial(const std::string& error) {
  return error == "cancelled" ? complain("interrupted", exit_interrupted)
                              : complain(error, exit_internal_error);
}

tl::expected<Target, RunFailure> target_of(const LogHeader& header) {
  std::error_code error;
  std::filesystem::current_path(header.working_folder, error);
  if (error) {
    return tl::unexpected(fmt::format("cannot enter {}, where the campaign was started: {}",
                                      header.working_folder, error.message()));
  }
  if (const auto preloadable = check_preloadable(header.program); !preloadable) {
    return tl::unexpected(preloadable.error());
  }
  if (build_id_of(header.program) != header.build_id) {
    return tl::unexpected(
        fmt::format("{} is not the build that the log is about: its call stacks have moved; "
                    "explore it anew, and compare the logs with heddle-inject diff",
                    header.program));
  }
  Target target{header.program, header.arguments, {}, header.options};
  if (const auto equipped = equip(target); !equipped) {
    return tl::unexpected(RunFailure(equipped.error(), RunFailure::Kind::tool));
  }
  return target;
}

}  // namespace heddle::inject
