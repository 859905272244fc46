#include "campaign/service.hpp"

#include <poll.h>

namespace heddle::inject {

Service::Service(const CampaignOptions& options, const StartRequest& surroundings, bool twice,
                 PlanFile& plan, Observation& seen)
    : options_(options), surroundings_(surroundings), twice_(twice), plan_(plan), seen_(seen) {
  if (!options.ready.empty()) {
    output_watch_.emplace(options.ready);
    errors_watch_.emplace(options.ready);
  }
}

Service::~Service() {
  client_.reset();
  if (is_second_) {
    plan_.resume();
  }
}

tl::expected<Service::Progress, std::string> Service::look_for_readiness() {
  if (!output_watch_ ||
      !(output_watch_->found_in(seen_.output) || errors_watch_->found_in(seen_.errors))) {
    return Progress::same;
  }
  output_watch_.reset();
  if (options_.then.empty()) {
    seen_.client.started = true;
    return Progress::over;
  }
  return start_client();
}

tl::expected<Service::Progress, std::string> Service::start_client() {
  auto client = Client::start(options_.then, surroundings_);
  if (!client) {
    return tl::unexpected(client.error());
  }
  client_.emplace(std::move(*client));
  outcome().started = true;
  return Progress::next;
}

tl::expected<Service::Progress, std::string> Service::after_client() {
  client_.reset();
  if (is_second_) {
    plan_.resume();
  }
  if (is_second_ || !twice_) {
    is_second_ = false;
    return Progress::over;
  }
  plan_.pause();
  is_second_ = true;
  return start_client();
}

tl::expected<Service::Progress, std::string> Service::go_on() {
  client_->collect(outcome());
  return after_client();
}

tl::expected<Service::Progress, std::string> Service::give_up() {
  client_->drain(outcome());
  outcome().timed_out = true;
  return after_client();
}

void Service::await_client(int milliseconds) {
  pollfd ended{end_descriptor(), POLLIN, 0};
  // An interrupted wait would be cut short, but nothing here is interrupted.
  if (client_ && poll(&ended, 1, milliseconds) == 1) {
    client_->collect(outcome());
    client_.reset();
  }
}

}  // namespace heddle::inject
