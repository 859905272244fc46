// campaign_status.hpp: the exit statuses of the commands around campaigns.
#pragma once

#include <string>

#include "campaign/run_failure.hpp"
#include "command_line/complaint.hpp"

namespace heddle::inject {

enum CampaignStatus {
  exit_all_acceptable = 0,
  exit_findings = 1,
  exit_usage = 2,
  exit_nothing_fired = 4,  // no fault fired, or there is no site
  exit_internal_error = 6,
  exit_interrupted = 130
};

/// Prints the message as complain does; returns the status.
inline int complain(const std::string& message, CampaignStatus status) {
  complain(message);
  return status;
}

/// Prints why a program was not run; returns the status that goes with it.
inline int complain(const RunFailure& failure) {
  using Kind = RunFailure::Kind;
  return complain(failure.message, failure.kind == Kind::program       ? exit_usage
                                   : failure.kind == Kind::interrupted ? exit_interrupted
                                                                       : exit_internal_error);
}

}  // namespace heddle::inject
