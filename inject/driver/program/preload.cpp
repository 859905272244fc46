#include "program/preload.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "plan/system_error.hpp"

namespace heddle::inject {

tl::expected<std::string, std::string> find_shim() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    return tl::unexpected(fmt::format(
        "cannot tell where this program is: /proc/self/exe: {}; mount /proc", error.message()));
  }
  const std::filesystem::path shim = program.parent_path() / HEDDLE_SHIM_FROM_PROGRAM;
  const std::filesystem::path absolute = std::filesystem::canonical(shim, error);
  if (error) {
    return tl::unexpected(fmt::format("the library to preload is missing, {}: {}; install it there",
                                      shim.lexically_normal().string(), error.message()));
  }
  return absolute.string();
}

tl::expected<std::string, std::string> preload_value(const std::string& shim,
                                                     const std::string& existing) {
  std::string entry = shim;
  if (shim.find_first_of(" \t\n:$") != std::string::npos) {
    const int descriptor = open(shim.c_str(), O_PATH | O_CLOEXEC);
    if (descriptor < 0) {
      return tl::unexpected(fmt::format("cannot open {}: {}", shim, describe_system_error(errno)));
    }
    entry = fmt::format("/proc/{}/fd/{}", getpid(), descriptor);
  }
  return existing.empty() ? entry : entry + ':' + existing;
}

tl::expected<std::string, std::string> preload_of_program(const std::string& behind) {
  const char* const variable = std::getenv("LD_PRELOAD");
  const std::string existing = variable != nullptr ? variable : "";
  const std::string others =
      behind.empty() || existing.empty() ? behind + existing : behind + ':' + existing;
  return find_shim().and_then([&](const std::string& shim) { return preload_value(shim, others); });
}

bool set_preload(const std::string& value) {
  constexpr const char* sanitizer = "ASAN_OPTIONS";
  const char* const existing = std::getenv(sanitizer);
  // If an option is given twice, the last one counts.
  const std::string options =
      (existing != nullptr ? existing + std::string(":") : "") + "verify_asan_link_order=0";
  return setenv("LD_PRELOAD", value.c_str(), 1) == 0 && setenv(sanitizer, options.c_str(), 1) == 0;
}

}  // namespace heddle::inject
