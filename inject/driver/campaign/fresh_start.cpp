#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "campaign/process_source.hpp"
#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

class FreshStart : public ProcessSource {
 public:
  FreshStart(const Target& target, const StartRequest& request, PlanFile& plan)
      : target_(target), request_(request), plan_(plan) {}

  ~FreshStart() override {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      static_cast<void>(collect());
    }
  }

  FreshStart(const FreshStart&) = delete;
  FreshStart& operator=(const FreshStart&) = delete;

  pid_t lasting_process() const override { return 0; }
  int end_descriptor() const override { return end_descriptor_; }

  pid_t process() const override { return process_; }

  tl::expected<void, std::string> start(const std::string& folder, bool held) override {
    request_.folder = folder;
    std::array<int, 2> gate{-1, -1};
    if (held && pipe2(gate.data(), O_CLOEXEC) != 0) {
      return tl::unexpected(fmt::format("pipe2: {}", describe_system_error(errno)));
    }
    request_.await = gate[0];
    // May fail: a pipe cannot be rewound, so each run reads on where the last one stopped.
    static_cast<void>(lseek(request_.input, 0, SEEK_SET));
    plan_.record()->observed_process = 0;  // the first process that maps the plan
    const auto process = start_process(target_, request_);
    if (held) {
      close(gate[0]);
      release_descriptor_ = gate[1];
    }
    if (!process) {
      release();
      return tl::unexpected(process.error());
    }
    process_ = *process;
    end_descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, process_, 0));
    if (end_descriptor_ < 0) {
      return tl::unexpected(fmt::format("pidfd_open: {}", describe_system_error(errno)));
    }
    return {};
  }

  void release() override {
    if (release_descriptor_ >= 0) {
      static_cast<void>(
          !write(release_descriptor_, "", 1));  // a pipe holds one byte without blocking
      close(std::exchange(release_descriptor_, -1));
    }
  }

  tl::expected<int, std::string> collect() override {
    int wait_status = 0;
    pid_t reaped = 0;
    do {
      reaped = waitpid(process_, &wait_status, 0);
    } while (reaped < 0 && errno == EINTR);
    close(std::exchange(end_descriptor_, -1));
    if (std::exchange(process_, 0) != reaped) {
      return tl::unexpected(fmt::format("waitpid: {}", describe_system_error(errno)));
    }
    return wait_status;
  }

 private:
  const Target& target_;
  StartRequest request_;
  PlanFile& plan_;
  pid_t process_ = 0;
  int end_descriptor_ = -1;
  int release_descriptor_ = -1;
};

}  // namespace

std::unique_ptr<ProcessSource> start_each_anew(const Target& target, const StartRequest& request,
                                               PlanFile& plan) {
  return std::make_unique<FreshStart>(target, request, plan);
}

}  // namespace heddle::inject
