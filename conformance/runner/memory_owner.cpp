#include "runner/memory_owner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace heddle::conformance {
namespace {

namespace fs = std::filesystem;

// Functions in a host's file that belong to neither side: of languages' libraries, and main().
constexpr std::array<std::string_view, 11> of_libraries = {
    "std::", "core::", "alloc::", "__gnu_cxx::", "void std::",  "operator new",
    "main",  "malloc", "calloc",  "_",           "(below main)"};
// Parts of names of the suite's functions, and of functions that only it instantiates.
constexpr std::array<std::string_view, 5> of_suite = {
    "heddle::conformance::", "heddle_conform_main", "heddle::inject::", "rc::", "nlohmann::"};

bool is_same_file(const std::string& object, const fs::path& file) {
  std::error_code error;
  return object == file || (!object.empty() && fs::equivalent(object, file, error));
}

Owner owner_by_name(std::string_view function) {
  if (std::ranges::any_of(of_suite, [&](std::string_view part) {
        return function.find(part) != std::string_view::npos;
      })) {
    return Owner::suite;
  }
  const bool library =
      function.empty() || std::ranges::any_of(of_libraries, [&](std::string_view beginning) {
        return function.starts_with(beginning);
      });
  return library ? Owner::nobody : Owner::subject;
}

}  // namespace

Owner owner_of(const inject::CodePlace& frame, const SubjectFile& subject) {
  static const std::string suite = own_executable();
  if (is_same_file(frame.object, subject.path)) {
    return subject.program ? owner_by_name(frame.function) : Owner::subject;
  }
  return !subject.program && is_same_file(frame.object, suite) ? Owner::suite : Owner::nobody;
}

Responsible responsible_for(const Frames& stack, const SubjectFile& subject) {
  for (const auto& frame : stack) {
    const Owner owner = owner_of(frame, subject);
    if (owner != Owner::nobody) {
      return {owner, frame_text(frame)};
    }
  }
  return {};
}

std::string frame_text(const inject::CodePlace& frame) {
  const std::string function = frame.function.empty() ? "??" : frame.function;
  if (!frame.file.empty()) {
    return fmt::format("{} ({}:{})", function, fs::path(frame.file).filename().string(),
                       frame.line);
  }
  return frame.object.empty()
             ? function
             : fmt::format("{} ({})", function, fs::path(frame.object).filename().string());
}

}  // namespace heddle::conformance
