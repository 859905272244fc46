// Compares how a server served its clients with the fault-free runs.
#include <fmt/core.h>

#include "campaign/judgements.hpp"

namespace heddle::inject {
namespace {

/// Says how the client's run differs from the usual one; empty when they are alike.
std::string client_difference(const UsualClient& usual, const ClientOutcome& seen) {
  if (seen.timed_out) {
    return "the client got no answer";
  }
  if (!seen.ended) {
    return "the server ended before its client";
  }
  if (usual.status && *usual.status != seen.wait_status) {
    return fmt::format("the client: {} instead of {}", describe_wait_status(seen.wait_status),
                       describe_wait_status(*usual.status));
  }
  if (usual.output && !usual.output->matches(seen.output)) {
    return "the client's output " + usual.output->difference(seen.output);
  }
  return {};
}

/// Judges the first client, of a server that serves again or that never serves two. `otherwise` is
/// the verdict when the server has said nothing: what the client says is not the server's word.
MaybeJudgement judge_first_client(const Baseline& baseline, const Observation& run,
                                  Verdict otherwise) {
  std::string difference = client_difference(*baseline.client, run.client);
  if (difference.empty()) {
    return std::nullopt;
  }
  if (spoke(baseline, run).value_or(true)) {
    return Judgement{Verdict::reported, difference + ", and standard error may say why", {}};
  }
  if (std::string message = first_new_error_message(baseline, run.output); !message.empty()) {
    return Judgement{Verdict::reported, difference + ", and standard output says why",
                     std::move(message)};
  }
  return Judgement{otherwise, difference + ", and the server said nothing", {}};
}

}  // namespace

MaybeJudgement judge_service(const Baseline& baseline, const Observation& run) {
  if (!baseline.client) {
    return std::nullopt;
  }
  if (!baseline.second_client) {
    return judge_first_client(baseline, run, Verdict::out_of_service);
  }
  if (std::string difference = client_difference(*baseline.second_client, run.second_client);
      !difference.empty()) {
    return Judgement{
        Verdict::out_of_service, difference + ", when run again after the fault was lifted", {}};
  }
  return judge_first_client(baseline, run, Verdict::wrong_output);
}

}  // namespace heddle::inject
