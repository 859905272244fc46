// heap_leaks.hpp: what LeakSanitizer's run-time library says of the processes of a run.
//
// The library is preloaded behind the shim. When a process ends by exit(3) or by returning from
// main, it stops all threads (ptrace(2)) and looks for blocks of the heap to which nothing points
// any more; it says nothing about a process that ends in another way. See "LeakSanitizer" in the
// documentation of clang, and sanitizer_flags.inc of LLVM for its options.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace heddle::inject {

/// The value of CampaignOptions::check that asks for all this.
inline constexpr std::string_view check_leaks = "leaks";

/// A place in a program's code: the module's path, and the offset from its load address. Of a
/// return address, the byte before.
struct CodePlace {
  std::string module;
  std::uint64_t offset = 0;
  bool operator==(const CodePlace&) const = default;
};

/// The lost blocks that one call stack allocated.
struct HeapLeak {
  std::uint64_t bytes = 0;
  std::uint64_t blocks = 0;
  std::vector<CodePlace> stack;  // who called the allocator first
};

/// What was seen of the heap when a run ended.
struct HeapLook {
  std::vector<HeapLeak> leaks;
  std::string failure;  // why the library could not look; empty: it could
};

/// Identifies where the leak comes from, in every run of one build: the innermost frames alone. A
/// program whose stacks differ from run to run leaks in the same place nevertheless.
std::string place_of(const HeapLeak& leak);

/// Returns text such as "192 bytes in 3 blocks".
std::string describe_amount(const std::vector<HeapLeak>& leaks);

/// Reads one report, of the form that `LeakReports::options` asks for. Pure.
HeapLook read_leak_report(std::string_view text);

/// Returns the path of LeakSanitizer's run-time library; on failure, what to install.
tl::expected<std::string, std::string> find_leak_checker();

/// Returns the name of the sanitizer that the program was built with, which already takes the
/// allocator's place and cannot have another beside it. Empty: it has none.
std::string own_sanitizer(const std::string& program);

/// Says whether the module is the run-time library, whose own calls and frames are none of the
/// program's.
bool is_leak_checker(std::string_view module);

/// The folder into which the library writes the reports of one run after the other. Not
/// thread-safe.
class LeakReports {
 public:
  /// Makes the folder among the system's temporary ones. Only reports of processes that execute
  /// `exe` count: a file name, as the kernel knows it. On failure, returns why there is no folder.
  static tl::expected<LeakReports, std::string> create(std::string exe);
  ~LeakReports();
  LeakReports(LeakReports&& other) noexcept;
  LeakReports& operator=(LeakReports&&) = delete;

  /// Returns the value of LSAN_OPTIONS, which keeps what it can of the user's `existing` one. The
  /// program's exit status stays its own.
  std::string options(const std::string& existing) const;

  /// Takes the reports out of the folder. Call when all processes of the run have ended.
  HeapLook take() const;

 private:
  explicit LeakReports(std::string folder, std::string exe);

  std::string folder_;
  std::string exe_;
};

}  // namespace heddle::inject
