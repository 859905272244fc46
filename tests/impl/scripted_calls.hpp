// Calls of the runtime's that answer as a test says.
//
// The test program defines these functions of libc's itself, so that the runtime, which is linked
// into it, calls them here. What no script says is passed on.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace heddle::tests {

/// While it lives, the calling thread's calls are recorded, and those with answers left get the
/// next one instead of being made. Other threads are not affected.
class Script {
 public:
  Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script();

  /// The next call of `name` fails with this errno; 0 means that it succeeds without being made.
  Script& answer(const std::string& name, int error);
  /// The next call of `name` is made.
  Script& pass(const std::string& name);
  /// As answer(name, 0), and runs `meanwhile` before the call returns.
  Script& answer_after(const std::string& name, std::function<void()> meanwhile);

  /// The argument that matters of each call of `name` so far: the size in bytes, the time in
  /// seconds, the key, else 0.
  const std::vector<unsigned long>& calls(const std::string& name) { return calls_[name]; }

  /// For the wrappers: records the call and takes its answer, or returns false to pass it on.
  bool take_answer(const std::string& name, unsigned long argument, int& error);

 private:
  struct Answer {
    bool made;
    int error;
    std::function<void()> meanwhile;
  };

  std::map<std::string, std::vector<Answer>> answers_;
  std::map<std::string, std::vector<unsigned long>> calls_;
};

}  // namespace heddle::tests
