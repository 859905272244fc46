// The worker's end of a template, which starts the template, has it run cases, keeps the time, and
// collects what cases leave behind.
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
#include "runner/case_memory.hpp"
#include "runner/loaded_subject.hpp"
#include "runner/memory_lane.hpp"
#include "runner/message_socket.hpp"
#include "runner/subject_file.hpp"
#include "verdict/case_result.hpp"

namespace heddle::conformance {

/// The reason why a template did not start, in one line.
struct StartFailure {
  std::string message;
  bool subject = true;  ///< the subject's fault; otherwise the suite's, the machine's or the user's
};

/// A running template. One user at a time; its processes die with this object.
class TemplateClient {
 public:
  enum class Injector { absent, preloaded };

  /// Starts the subject's template and waits until the subject has described itself. The lane must
  /// live as long as the template.
  static tl::expected<std::unique_ptr<TemplateClient>, StartFailure> start(
      const SubjectFile& subject, Injector injector, const MemoryLane& lane,
      std::chrono::milliseconds deadline);

  TemplateClient(const TemplateClient&) = delete;
  TemplateClient& operator=(const TemplateClient&) = delete;
  ~TemplateClient();

  const Description& description() const { return description_; }
  /// Returns whether each case loads the subject anew, because the subject has threads of its own
  /// once loaded.
  bool loads_in_case() const { return loads_in_case_; }

  /// Runs one case and waits for its end. A case that reaches the deadline is killed. What a case
  /// leaves behind is ended, too.
  CaseResult run(const Clause& clause, const Program& program, std::chrono::milliseconds deadline);

  /// Returns false if the template itself has died: start another.
  bool alive() const { return alive_; }

 private:
  TemplateClient(pid_t process, MessageSocket socket, std::unique_ptr<CaseMemory> memory,
                 MemoryWatch watch);
  static std::unique_ptr<TemplateClient> launch(const SubjectFile& subject, Injector injector,
                                                const MemoryLane& lane, bool load_in_case);
  tl::expected<void, StartFailure> await_description(const SubjectFile& subject,
                                                     std::chrono::milliseconds deadline);
  StartFailure describe_death(const std::string& where, Patience& patience);
  StartFailure describe_silence(Silence silence, const std::string& where, Patience& patience,
                                std::chrono::milliseconds deadline);
  tl::expected<nlohmann::json, Silence> receive(Patience& patience);
  tl::expected<pid_t, std::string> start_case(const Clause& clause, const Program& program,
                                              std::chrono::milliseconds deadline);
  tl::expected<nlohmann::json, Silence> await_end(pid_t child, Patience patience);
  CaseResult run_to_end(const Clause& clause, const Program& program,
                        std::chrono::milliseconds deadline);
  CaseResult lose(const std::string& why);
  std::string describe_loss(Silence silence);
  bool is_over(const Clause& clause) const;

  pid_t process_;
  MessageSocket socket_;
  std::unique_ptr<CaseMemory> memory_;
  MemoryWatch watch_;
  Description description_;
  bool loads_in_case_ = false;
  bool has_threads_ = false;
  bool alive_ = true;
  bool too_large_ = false;  ///< the running case takes too much memory
};

}  // namespace heddle::conformance
