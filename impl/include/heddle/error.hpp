// What the operating system refused.
#pragma once

#include <string>

namespace heddle {

/// A call that failed, and the errno it failed with. Rust's io::Error, as far as threads need it.
class Error {
 public:
  /// `call` names the function that failed; static text.
  Error(const char* call, int raw_os_error) noexcept : call_(call), code_(raw_os_error) {}

  int raw_os_error() const noexcept { return code_; }
  const char* call() const noexcept { return call_; }
  /// "pthread_create: Resource temporarily unavailable (os error 11)"
  std::string message() const;

 private:
  const char* call_;
  int code_;
};

}  // namespace heddle
