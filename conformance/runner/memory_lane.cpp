#include "runner/memory_lane.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

#include "memory/leak_report.hpp"
#include "memory/memcheck_report.hpp"
#include "program/number_text.hpp"
#include "runner/memory_owner.hpp"
#include "stage/sanitizer.hpp"

namespace heddle::conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view report = "report";
constexpr std::string_view end_of_run = "<state>FINISHED</state>";
constexpr std::string_view no_file = "<null>";  // of a frame without debugging information
constexpr char mark = '\t';  // between the fields of a frame in a report of LeakSanitizer

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Returns what memcheck has said up to the end of the process. At the end it searches once more for
// leaks, with the other threads gone, and tells also of what was lost before the case.
inject::MemoryLook read_memcheck(const std::string& text) {
  return inject::read_memcheck_xml(std::string_view(text).substr(0, text.find(end_of_run)));
}

std::string take_field(std::string& fields) {
  const std::size_t end = fields.find(mark);
  std::string field = fields.substr(0, end);
  fields.erase(0, end == fields.npos ? end : end + 1);
  return field;
}

// Returns what LeakSanitizer has said. The reader leaves the names, which only the suite's lane
// asks for, in the object's field.
inject::MemoryLook read_leaks(const std::string& text) {
  inject::MemoryLook look = inject::read_leak_report(text);
  for (inject::MemoryError& leak : look.errors) {
    for (inject::CodePlace& frame : leak.stack) {
      std::string fields = std::exchange(frame.object, {});
      frame.object = take_field(fields);
      frame.function = take_field(fields);
      frame.file = take_field(fields);
      frame.file = frame.file == no_file ? "" : frame.file;
      frame.line = inject::number_in<int>(fields).value_or(0);
    }
  }
  // Blocks to which only another lost block leads are that block's matter. In a ring all are such.
  const auto is_lost = [](const inject::MemoryError& leak) {
    return leak.kind == inject::lost_blocks;
  };
  if (std::ranges::any_of(look.errors, is_lost)) {
    std::erase_if(look.errors, std::not_fn(is_lost));
  }
  return look;
}

// Adds an error, unless neither the subject nor the suite has to do with it.
void add(const inject::MemoryError& error, const SubjectFile& subject, CaseResult& result) {
  const Responsible responsible = responsible_for(error.stack, subject);
  if (responsible.owner == Owner::nobody) {
    return;
  }
  MemoryReport entry{
      .kind = error.kind,
      .what = fmt::format("{}{} {}", error.what,
                          inject::is_leak(error) ? ", which were allocated in" : ", in",
                          responsible.frame),
      .bytes = error.bytes,
      .blocks = error.blocks,
      .stack = {}};
  for (const inject::CodePlace& frame : error.stack) {
    entry.stack.push_back(frame_text(frame));
    if (owner_of(frame, subject) == Owner::suite) {
      break;  // how the suite came to call the subject tells nothing
    }
  }
  (responsible.owner == Owner::subject ? result.memory : result.suite_memory)
      .push_back(std::move(entry));
}

}  // namespace

tl::expected<MemoryLane, std::string> MemoryLane::open(MemoryCheck check) {
  MemoryLane lane;
  if (check == MemoryCheck::none) {
    return lane;
  }
  if (!sanitizer().empty()) {
    return tl::unexpected(fmt::format(
        "--check: this suite is built with {}, which watches the memory itself", sanitizer()));
  }
  auto tool =
      check == MemoryCheck::memcheck ? inject::find_valgrind() : inject::find_leak_checker();
  if (!tool) {
    return tl::unexpected(std::move(tool.error()));
  }
  std::string folder = (fs::temp_directory_path() / "heddle-conform-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    return tl::unexpected(
        fmt::format("--check: cannot make the folder {}: {}", folder, std::strerror(errno)));
  }
  lane.check_ = check;
  lane.tool_ = std::move(*tool);
  lane.folder_ = folder;
  lane.owner_ = ::getpid();
  return lane;
}

MemoryLane::MemoryLane(MemoryLane&& other) noexcept {
  *this = std::move(other);
}

MemoryLane& MemoryLane::operator=(MemoryLane&& other) noexcept {
  std::swap(check_, other.check_);
  std::swap(tool_, other.tool_);
  std::swap(folder_, other.folder_);
  std::swap(owner_, other.owner_);
  return *this;
}

MemoryLane::~MemoryLane() {
  if (owner_ == ::getpid()) {
    std::error_code error;  // what cannot be removed stays among the temporary files
    fs::remove_all(folder_, error);
  }
}

std::optional<std::string> why_not_watched(std::uint64_t subject_flags) {
  if ((subject_flags & HEDDLE_COLLECTS_GARBAGE) == 0) {
    return std::nullopt;
  }
  return "its runtime collects garbage (HEDDLE_COLLECTS_GARBAGE), and no tool can tell what such a "
         "runtime has lost or may read; judge it without --check";
}

MemoryWatch::MemoryWatch(const MemoryLane& lane, const SubjectFile& subject)
    : lane_(lane), subject_(subject) {
  if (lane_.check() != MemoryCheck::none) {
    static int templates = 0;
    folder_ = lane_.folder() / fmt::format("{}-{}", ::getpid(), ++templates);
    fs::create_directory(folder_);
  }
}

std::vector<std::string> MemoryWatch::command() const {
  return lane_.check() == MemoryCheck::memcheck
             ? inject::memcheck_command(lane_.tool(), folder_ / report)
             : std::vector<std::string>();
}

std::string MemoryWatch::library() const {
  return lane_.check() == MemoryCheck::leaks ? lane_.tool() : "";
}

void MemoryWatch::set_environment() const {
  if (lane_.check() == MemoryCheck::leaks) {
    // The last of two equal options counts. The case itself asks for the search, and the library
    // looks names up by itself rather than by a program.
    const char* const existing = std::getenv("LSAN_OPTIONS");
    const std::string options = fmt::format(
        "{0}:leak_check_at_exit=0:log_exe_name=0:symbolize=1:allow_addr2line=0:"
        "external_symbolizer_path=:stack_trace_format='frame %o %m{1}%f{1}%s{1}%l'",
        inject::leak_checker_options(folder_ / report, existing != nullptr ? existing : ""), mark);
    ::setenv("LSAN_OPTIONS", options.c_str(), 1);
  }
}

void MemoryWatch::take_reports(pid_t template_process, pid_t the_case, CaseResult& result) const {
  if (lane_.check() == MemoryCheck::none) {
    return;
  }
  std::error_code no_folder;
  if (lane_.check() == MemoryCheck::memcheck &&
      !fs::exists(folder_ / fmt::format("{}.{}", report, the_case), no_folder)) {
    result.memory_doubt = "memcheck has left no report of the case";
  }
  const std::string own = fmt::format("{}.{}", report, template_process);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, no_folder)) {
    if (entry.path().filename() == own) {
      continue;
    }
    const std::string text = text_of(entry.path());
    const inject::MemoryLook look =
        lane_.check() == MemoryCheck::memcheck ? read_memcheck(text) : read_leaks(text);
    if (!look.failure.empty()) {
      result.memory_doubt =
          fmt::format("--check {} could not look: {}", name_of(lane_.check()), look.failure);
    }
    for (const inject::MemoryError& error : look.errors) {
      add(error, subject_, result);
    }
    std::error_code ignored;  // a report that stays would count for the next case as well
    fs::remove(entry.path(), ignored);
  }
}

}  // namespace heddle::conformance
