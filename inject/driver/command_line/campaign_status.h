// campaign_status.h: what the commands around campaigns end with.
#ifndef HEDDLE_INJECT_DRIVER_CAMPAIGN_STATUS_H
#define HEDDLE_INJECT_DRIVER_CAMPAIGN_STATUS_H

#include <string>

#include "campaign/run_failure.hpp"
#include "command_line/complaint.h"

namespace heddle::inject {

enum CampaignStatus {
  kAllAcceptable = 0,
  kFindings = 1,
  kUsage = 2,
  kNothingFired = 4,  // or there is no site
  kInternalError = 6,
  kInterrupted = 130
};

/// Prints the message as complain does; returns the status.
inline int complain(const std::string& message, CampaignStatus status) {
  complain(message);
  return status;
}

/// The same of why a program was not run.
inline int complain(const RunFailure& failure) {
  using Kind = RunFailure::Kind;
  return complain(failure.message, failure.kind == Kind::program       ? kUsage
                                   : failure.kind == Kind::interrupted ? kInterrupted
                                                                       : kInternalError);
}

}  // namespace heddle::inject

#endif
