// The worker's end of a template: starts it, has it run cases, is their clock, and collects what
// they left behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "catalogue/clause.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/message_socket.hpp"
#include "runner/subject_file.hpp"
#include "stage/evidence.hpp"

namespace heddle::conformance {

/// How a case ended, and what it left.
struct CaseResult {
  bool lost = false;  ///< the template could not run it: `excuse` says why
  bool timed_out = false;
  int signal = 0;  ///< what it died of, or 0
  int status = 0;  ///< exit status otherwise
  bool began = false;
  bool finished = false;
  bool death_due = false;
  bool failed = false;
  std::string expected;
  std::string happened;
  bool excused = false;
  bool internal = false;
  std::string excuse;
  std::uint64_t fault_reached = 0;
  std::uint64_t fault_fired = 0;
  std::vector<std::string> timeline;
  std::vector<std::string> threads;  ///< of a case that timed out: what each was doing
  std::string output;                ///< the end of what it printed
  std::chrono::milliseconds duration{0};
};

/// A running template. One user at a time; its processes die with it.
class TemplateClient {
 public:
  enum class Injector { absent, preloaded };

  /// Starts the subject's template and waits until the subject has described itself. An error is
  /// one line that begins with the subject's path.
  static tl::expected<std::unique_ptr<TemplateClient>, std::string> start(
      const SubjectFile& subject, Injector injector, std::chrono::milliseconds deadline);

  TemplateClient(const TemplateClient&) = delete;
  TemplateClient& operator=(const TemplateClient&) = delete;
  ~TemplateClient();

  const Description& description() const { return description_; }
  /// The subject has threads of its own once loaded, so each case loads it anew.
  bool loads_in_case() const { return loads_in_case_; }

  /// Runs one case and waits for its end; at the deadline it is killed.
  CaseResult run(const Clause& clause, const Program& program, std::chrono::milliseconds deadline);

  /// False when the template itself has died: start another.
  bool alive() const { return alive_; }

 private:
  struct Shared;
  TemplateClient(pid_t process, MessageSocket socket, std::unique_ptr<Shared> shared);
  static std::unique_ptr<TemplateClient> launch(const SubjectFile& subject, Injector injector,
                                                bool load_in_case);
  tl::expected<void, std::string> await_description(const SubjectFile& subject,
                                                    std::chrono::milliseconds deadline);
  std::string describe_death(const std::string& where);
  CaseResult collect() const;

  pid_t process_;
  MessageSocket socket_;
  std::unique_ptr<Shared> shared_;
  Description description_;
  bool loads_in_case_ = false;
  bool has_threads_ = false;
  bool alive_ = true;
};

/// The end of the line of a thread that is not blocked.
inline constexpr std::string_view activity_running = "running";

/// What the threads of a process are doing, a line each.
std::vector<std::string> threads_of_process(pid_t process);

}  // namespace heddle::conformance
