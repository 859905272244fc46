// Errors of the operating system.
#pragma once

#include <string>

namespace heddle {

/// A failed call and its errno. Rust's io::Error, as far as threads need it.
class Error {
 public:
  /// `call` is static text that names the function that failed.
  Error(const char* call, int raw_os_error) noexcept : call_(call), code_(raw_os_error) {}

  int raw_os_error() const noexcept { return code_; }
  const char* call() const noexcept { return call_; }
  /// Returns "pthread_create: Resource temporarily unavailable (os error 11)" or the like.
  std::string message() const;

 private:
  const char* call_;
  int code_;
};

}  // namespace heddle
