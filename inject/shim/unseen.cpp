#include "unseen.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <optional>

#include "control_block.hpp"
#include "raw_system_call.hpp"

namespace heddle::inject {
namespace {

bool has_variable(char* const environment[], const char* name) {
  const std::size_t length = std::strlen(name);
  for (; *environment != nullptr; ++environment) {
    if (std::strncmp(*environment, name, length) == 0 && (*environment)[length] == '=' &&
        (*environment)[length + 1] != '\0') {
      return true;
    }
  }
  return false;
}

/// Reads a plain structure at an offset; false when the file is too short.
template <typename Plain>
bool read_at(long descriptor, std::uint64_t offset, Plain& plain) {
  return raw_system_call(SYS_pread64, descriptor, &plain, sizeof plain, offset) ==
         static_cast<long>(sizeof plain);
}

/// Says whether the file is a statically linked program. False for a script: its interpreter is
/// judged when it is executed.
bool is_statically_linked(long descriptor) {
  Elf64_Ehdr header{};
  if (!read_at(descriptor, 0, header) || std::memcmp(&header.e_ident[0], ELFMAG, SELFMAG) != 0) {
    return false;
  }
  for (unsigned index = 0; index < header.e_phnum; ++index) {
    Elf64_Phdr segment{};
    if (!read_at(descriptor, header.e_phoff + std::uint64_t{index} * sizeof segment, segment)) {
      return false;
    }
    if (segment.p_type == PT_INTERP) {
      return false;
    }
  }
  return true;
}

bool gains_privileges(long descriptor) {
  struct stat status {};
  return raw_system_call(SYS_fstat, descriptor, &status) == 0 && (status.st_mode & S_ISUID) != 0 &&
         static_cast<long>(status.st_uid) != raw_system_call(SYS_geteuid, 0);
}

/// Says why the shim will not be in the program; nothing if it will be, or if there is no program.
std::optional<heddle_inject_unseen_kind> obstacle_in(const char* program,
                                                     char* const environment[]) {
  const bool is_asked_for = has_variable(environment, "LD_PRELOAD") &&
                            has_variable(environment, HEDDLE_INJECT_ENVIRONMENT);
  const auto without_file =
      is_asked_for ? std::nullopt : std::optional(HEDDLE_INJECT_UNSEEN_ENVIRONMENT);
  if (std::strchr(program, '/') == nullptr) {
    return without_file;
  }
  const long descriptor =
      raw_system_call(SYS_openat, AT_FDCWD, program, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) {
    return std::nullopt;
  }
  std::optional<heddle_inject_unseen_kind> obstacle = without_file;
  if (is_statically_linked(descriptor)) {
    obstacle = HEDDLE_INJECT_UNSEEN_STATIC;
  } else if (gains_privileges(descriptor)) {
    obstacle = HEDDLE_INJECT_UNSEEN_PRIVILEGED;
  }
  static_cast<void>(raw_system_call(SYS_close, descriptor));  // may fail: the file was only read
  return obstacle;
}

}  // namespace

void note_unseen(heddle_inject_unseen_kind kind, const char* example) {
  heddle_inject_control& control = *control_block.load(std::memory_order_acquire);
  heddle_inject_unseen& unseen = control.unseen[kind];
  // Relaxed: the driver reads count and example when the program has ended.
  if (std::atomic_ref(unseen.count).fetch_add(1, std::memory_order_relaxed) == 0) {
    std::strncpy(&unseen.example[0], example, sizeof unseen.example - 1);
  }
}

void note_execution(const char* program, char* const environment[]) {
  const heddle_inject_control& control = *control_block.load(std::memory_order_acquire);
  if (std::atomic_ref(control.armed).load(std::memory_order_relaxed) == 0 || program == nullptr ||
      environment == nullptr) {
    return;
  }
  if (const auto obstacle = obstacle_in(program, environment)) {
    note_unseen(*obstacle, program);
  }
}

}  // namespace heddle::inject
