#include "memory/leak_report.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <utility>

#include "process/processor.hpp"

namespace heddle::inject {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view library = "liblsan.so.0";

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

}  // namespace

tl::expected<std::string, std::string> find_leak_checker() {
  constexpr std::array folders{debian_libraries, "/usr/lib64", "/lib64", "/usr/lib"};
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

bool is_leak_checker(std::string_view object) {
  return object.substr(object.rfind('/') + 1).starts_with("liblsan.so");
}

std::string leak_checker_options(const std::string& path, const std::string& existing) {
  // If an option is given twice, the last one counts. Frame pointers would be quicker and lead
  // nowhere in most programs; names are looked up later, and only of what is shown. Signals stay
  // the program's: Rust's run time, for one, leaves its own handlers and their stacks out where
  // others are installed, and would have none of the calls that can fail there.
  return fmt::format(
      "fast_unwind_on_malloc=0:symbolize=0:handle_segv=0:handle_sigbus=0:handle_abort=0:"
      "handle_sigill=0:handle_sigfpe=0:use_sigaltstack=0:{}{}detect_leaks=1:leak_check_at_exit=1:"
      "exitcode=0:log_exe_name=1:log_path={}:stack_trace_format='frame %o %m'",
      existing, existing.empty() ? "" : ":", path);
}

MemoryLook read_leak_report(std::string_view text) {
  MemoryLook look;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    // "Direct leak of 64 byte(s) in 1 object(s) allocated from:", and a line for each frame. An
    // indirect leak is one to which another leads.
    const bool direct = take(line, "Direct leak of ");
    if (direct || take(line, "Indirect leak of ")) {
      MemoryError leak;
      leak.kind = direct ? lost_blocks : "Leak_IndirectlyLost";
      leak.bytes = take_number(line);
      static_cast<void>(take(line, " byte(s) in "));
      leak.blocks = take_number(line);
      leak.what = describe_amount({leak}) + " lost";
      look.errors.push_back(std::move(leak));
    } else if (take(line, "frame 0x") && !look.errors.empty()) {
      const std::uint64_t offset = take_number(line, 16);
      static_cast<void>(take(line, " "));
      std::vector<CodePlace>& stack = look.errors.back().stack;
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

}  // namespace heddle::inject
