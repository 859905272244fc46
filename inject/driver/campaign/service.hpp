// service.hpp: the use of a server in a run: by its client when it is ready, then by the same
// client once more while nothing fails.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "campaign/client.hpp"
#include "campaign/observation.hpp"
#include "campaign/target.hpp"
#include "plan/plan_file.hpp"

namespace heddle::inject {

/// The clients of one run. While the second one is at work, all calls are passed on and neither
/// counted nor recorded, in fault-free runs as in others.
class Service {
 public:
  /// All arguments must outlive the service. Without `ready` in the options there is nothing to do.
  Service(const CampaignOptions& options, const StartRequest& surroundings, bool twice,
          PlanFile& plan, Observation& seen);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  /// Kills a client that is at work, and puts the plan into effect again.
  ~Service();

  /// This descriptor and the next become readable when the client has ended, or written; -1 without
  /// a client.
  int end_descriptor() const { return client_ ? client_->end_descriptor() : -1; }
  int output_descriptor() const { return client_ ? client_->output_descriptor() : -1; }
  /// The client at work; 0: none.
  pid_t process() const { return client_ ? client_->process() : 0; }

  enum class Progress {
    same,  // nothing has changed
    next,  // a client has been started
    over   // the server is to be stopped
  };

  /// Looks for readiness in what the server has written so far.
  tl::expected<Progress, std::string> look_for_readiness();
  void drain() { client_->drain(outcome()); }
  /// Goes on after the client's end.
  tl::expected<Progress, std::string> go_on();
  /// Ends the client, which waits in vain.
  tl::expected<Progress, std::string> give_up();
  /// Gives the client some time to notice that the server has ended.
  void await_client(int milliseconds);

 private:
  ClientOutcome& outcome() const { return is_second_ ? seen_.second_client : seen_.client; }
  tl::expected<Progress, std::string> start_client();
  tl::expected<Progress, std::string> after_client();

  const CampaignOptions& options_;
  const StartRequest& surroundings_;
  bool twice_;
  PlanFile& plan_;
  Observation& seen_;
  std::optional<ReadinessWatch> output_watch_;  // nothing: nobody waits for readiness
  std::optional<ReadinessWatch> errors_watch_;
  std::optional<Client> client_;
  bool is_second_ = false;
};

}  // namespace heddle::inject
