#include "runner/memory_owner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace heddle::conformance {
namespace {

namespace fs = std::filesystem;

// Namespaces and modules in a host's file that belong to neither side.
constexpr std::array<std::string_view, 4> of_libraries = {
    "std::", "core::", "alloc::", "__gnu_cxx::"};
// Parts of names of the suite's functions, and of functions that only it instantiates.
constexpr std::array<std::string_view, 9> of_suite = {"heddle::conformance::",
                                                      "heddle_conform_main",
                                                      "heddle::inject::",
                                                      "rc::",
                                                      "nlohmann::",
                                                      "fmt::",
                                                      "tl::",
                                                      "CLI::",
                                                      "pugi::"};

bool is_same_file(const std::string& object, const fs::path& file) {
  std::error_code error;
  return object == file || (!object.empty() && fs::equivalent(object, file, error));
}

// Returns the function's name as far as its own namespace and last part, without what it returns,
// takes, or is instantiated with.
std::string_view bare_name(std::string_view function) {
  function = function.substr(0, function.find_first_of("<("));
  return function.substr(function.rfind(' ') + 1);
}

// A name without a namespace may be anybody's: tools call many functions so that have one. It is
// taken for the suite's, which accuses nobody.
Owner owner_by_name(std::string_view function) {
  if (std::ranges::any_of(of_suite, [&](std::string_view part) {
        return function.find(part) != std::string_view::npos;
      })) {
    return Owner::suite;
  }
  const std::string_view name = bare_name(function);
  const bool library = std::ranges::any_of(
      of_libraries, [&](std::string_view beginning) { return name.starts_with(beginning); });
  return library                                     ? Owner::nobody
         : name.find("::") == std::string_view::npos ? Owner::suite
                                                     : Owner::subject;
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
