#include "campaign/heap_leaks.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "plan/system_error.hpp"

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view library = "liblsan.so.0";
constexpr const char* report_name = "report";

/// How many frames tell where a leak comes from. Allocation functions of a program's own take one
/// or two of them.
constexpr std::size_t telling_frames = 4;

/// Reads the number at the text's beginning, and takes it away. 0: there is none.
std::uint64_t take_number(std::string_view& text, int base = 10) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Takes the text away if the line begins with it.
bool take(std::string_view& line, std::string_view text) {
  const bool begins = line.starts_with(text);
  line.remove_prefix(begins ? text.size() : 0);
  return begins;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string place_of(const HeapLeak& leak) {
  std::string place;
  const std::size_t count = std::min(leak.stack.size(), telling_frames);
  for (std::size_t index = 0; index < count; ++index) {
    place += fmt::format("{}+{:x} ", leak.stack[index].module, leak.stack[index].offset);
  }
  return place;
}

std::string describe_amount(const std::vector<HeapLeak>& leaks) {
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  for (const HeapLeak& leak : leaks) {
    bytes += leak.bytes;
    blocks += leak.blocks;
  }
  return fmt::format("{} byte{} in {} block{}", bytes, bytes == 1 ? "" : "s", blocks,
                     blocks == 1 ? "" : "s");
}

HeapLook read_leak_report(std::string_view text) {
  HeapLook look;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    // "Direct leak of 64 byte(s) in 1 object(s) allocated from:", and a line for each frame. An
    // indirect leak is one to which another leads.
    if (take(line, "Direct leak of ") || take(line, "Indirect leak of ")) {
      HeapLeak leak;
      leak.bytes = take_number(line);
      static_cast<void>(take(line, " byte(s) in "));
      leak.blocks = take_number(line);
      look.leaks.push_back(std::move(leak));
    } else if (take(line, "frame 0x") && !look.leaks.empty()) {
      const std::uint64_t offset = take_number(line, 16);
      static_cast<void>(take(line, " "));
      std::vector<CodePlace>& stack = look.leaks.back().stack;
      // The allocator's own frames come first.
      if (!stack.empty() || !is_leak_checker(line)) {
        stack.push_back({std::string(line), offset});
      }
    } else if (line.find("has encountered a fatal error") != std::string_view::npos) {
      look.failure = "it may not trace the program, or another process does";
    } else if (line.find("CHECK failed") != std::string_view::npos) {
      look.failure = std::string(line);
    }
  }
  return look;
}

tl::expected<std::string, std::string> find_leak_checker() {
  constexpr std::array folders{"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib"};
  for (const char* const folder : folders) {
    const fs::path path = fs::path(folder) / library;
    std::error_code error;
    if (fs::exists(path, error)) {
      return path.string();
    }
  }
  return tl::unexpected(
      fmt::format("--check leaks: there is no {}: install it (Debian: liblsan0)", library));
}

std::string own_sanitizer(const std::string& program) {
  struct Sanitizer {
    std::string_view name;
    std::array<std::string_view, 2> signs;  // a library, or a function of a run time linked in
  };
  constexpr std::array sanitizers{
      Sanitizer{"AddressSanitizer", {"libasan.so", "__asan_report_error"}},
      Sanitizer{"LeakSanitizer", {"liblsan.so", "__lsan_init"}},
      Sanitizer{"ThreadSanitizer", {"libtsan.so", "__tsan_func_entry"}},
      Sanitizer{"MemorySanitizer", {"libclang_rt.msan", "__msan_init"}},
  };
  const std::string content = read_file(program);
  for (const Sanitizer& sanitizer : sanitizers) {
    for (const std::string_view sign : sanitizer.signs) {
      if (content.find(sign) != std::string::npos) {
        return std::string(sanitizer.name);
      }
    }
  }
  return {};
}

bool is_leak_checker(std::string_view module) {
  return module.substr(module.rfind('/') + 1).starts_with("liblsan.so");
}

tl::expected<LeakReports, std::string> LeakReports::create(std::string exe) {
  std::string folder = (fs::temp_directory_path() / "heddle-inject-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    return tl::unexpected(fmt::format("cannot make {}: {}", folder, describe_system_error(errno)));
  }
  return LeakReports(std::move(folder), std::move(exe));
}

LeakReports::LeakReports(std::string folder, std::string exe)
    : folder_(std::move(folder)), exe_(std::move(exe)) {}

LeakReports::LeakReports(LeakReports&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), exe_(std::move(other.exe_)) {}

LeakReports::~LeakReports() {
  std::error_code error;  // what cannot be removed is left in the system's temporary folder
  if (!folder_.empty()) {
    fs::remove_all(folder_, error);
  }
}

std::string LeakReports::options(const std::string& existing) const {
  // If an option is given twice, the last one counts. Frame pointers would be quicker and lead
  // nowhere in most programs; names are looked up later, and only of what is shown.
  return fmt::format(
      "fast_unwind_on_malloc=0:symbolize=0:{}{}detect_leaks=1:leak_check_at_exit=1:exitcode=0:"
      "log_exe_name=1:log_path={}/{}:stack_trace_format='frame %o %m'",
      existing, existing.empty() ? "" : ":", folder_, report_name);
}

HeapLook LeakReports::take() const {
  HeapLook look;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    // report.EXE.PID
    const std::string name = entry.path().filename();
    if (name.starts_with(fmt::format("{}.{}.", report_name, exe_))) {
      HeapLook one = read_leak_report(read_file(entry.path()));
      look.leaks.insert(look.leaks.end(), std::make_move_iterator(one.leaks.begin()),
                        std::make_move_iterator(one.leaks.end()));
      if (look.failure.empty()) {
        look.failure = std::move(one.failure);
      }
    }
    std::error_code ignored;  // a report that stays would count for the next run as well
    fs::remove(entry.path(), ignored);
  }
  return look;
}

}  // namespace heddle::inject
