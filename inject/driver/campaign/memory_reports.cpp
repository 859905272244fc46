#include "campaign/memory_reports.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "memory/leak_report.hpp"
#include "memory/memcheck_report.hpp"
#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

constexpr const char* report_name = "report";

MemoryLook read_leaks(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return read_leak_report(std::string{std::istreambuf_iterator<char>(file), {}});
}

MemoryLook read_errors(const fs::path& path) {
  auto look = read_memcheck_report(path);
  return look ? std::move(*look) : MemoryLook{{}, {}, look.error()};
}

}  // namespace

tl::expected<MemoryReports, std::string> MemoryReports::create(const CampaignOptions& options) {
  std::string folder = (fs::temp_directory_path() / "heddle-inject-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    return tl::unexpected(fmt::format("cannot make {}: {}", folder, describe_system_error(errno)));
  }
  return MemoryReports(std::move(folder), options);
}

MemoryReports::MemoryReports(std::string folder, const CampaignOptions& options)
    : folder_(std::move(folder)), exe_(options.exe), memcheck_(options.check == check_memcheck) {}

MemoryReports::MemoryReports(MemoryReports&& other) noexcept
    : folder_(std::exchange(other.folder_, {})),
      exe_(std::move(other.exe_)),
      memcheck_(other.memcheck_) {}

MemoryReports::~MemoryReports() {
  std::error_code error;  // what cannot be removed is left in the system's temporary folder
  if (!folder_.empty()) {
    fs::remove_all(folder_, error);
  }
}

std::string MemoryReports::path() const {
  return fmt::format("{}/{}", folder_, report_name);
}

MemoryLook MemoryReports::take() const {
  MemoryLook look;
  bool any = false;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    // LeakSanitizer adds the name of the program, which may be another that the program has
    // executed; Valgrind leaves such a program alone.
    const std::string name = entry.path().filename();
    if (memcheck_) {
      add(look, read_errors(entry.path()));
    } else if (name.starts_with(fmt::format("{}.{}.", report_name, exe_))) {
      add(look, read_leaks(entry.path()));
    }
    any = true;
    std::error_code ignored;  // a report that stays would count for the next run as well
    fs::remove(entry.path(), ignored);
  }
  if (memcheck_ && !any) {
    look.failure = "memcheck has written no report";
  }
  return look;
}

}  // namespace heddle::inject
