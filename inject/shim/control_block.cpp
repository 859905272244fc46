#include "control_block.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <bit>

#include "exported.hpp"
#include "fatal.hpp"
#include "raw_system_call.hpp"
#include "record.hpp"

namespace heddle::inject {
namespace {

constinit heddle_inject_control own_block{
    HEDDLE_INJECT_PROTOCOL, sizeof(heddle_inject_control), 0, 0, 0, 0, 0, {}, {}, {}};

[[noreturn]] void refuse(
    const char* path, const char* reason,
    const char* advice = "unset the variable, or start the program with heddle-inject") {
  fatal({"cannot use the plan that ", HEDDLE_INJECT_ENVIRONMENT, " names, ", path, ": ", reason,
         "; ", advice});
}

/// Says why the plan cannot be opened: it is a descriptor of the driver's, which another user's
/// process may not open.
[[noreturn]] void refuse_unopened(const char* path, long error) {
  if (error == -EACCES || error == -EPERM) {
    refuse(path, "this process runs as another user than heddle-inject, and may not open it",
           "put heddle-inject inside, as in su USER -c 'heddle-inject run ... -- PROGRAM', or "
           "behind sudo or setpriv in the same way");
  }
  if (error == -ENOENT) {
    refuse(path,
           "it is not there: the heddle-inject that made it has ended, or /proc is not "
           "mounted");
  }
  refuse(path, "it cannot be opened for reading and writing");
}

/// The mapped file, or the reason why there is none.
struct Mapping {
  heddle_inject_control* block;
  std::uint64_t size;
  const char* refusal;
};

Mapping map_descriptor(long descriptor) {
  struct stat status {};
  if (raw_system_call(SYS_fstat, descriptor, &status) < 0) {
    return {nullptr, 0, "its size cannot be read"};
  }
  if (status.st_size < static_cast<off_t>(sizeof(heddle_inject_control))) {
    return {nullptr, 0, "it is smaller than a control block"};
  }
  const long address = raw_system_call(SYS_mmap, 0, status.st_size, PROT_READ | PROT_WRITE,
                                       MAP_SHARED, descriptor, 0);
  if (address < 0 && address > -4096) {
    return {nullptr, 0, "it cannot be mapped for reading and writing"};
  }
  return {std::bit_cast<heddle_inject_control*>(address),
          static_cast<std::uint64_t>(status.st_size), nullptr};
}

/// Returns the record behind the control block, or null. `*refusal` says why a record cannot be
/// used.
heddle_inject_record* record_in(const Mapping& mapping, const char** refusal) {
  const std::uint64_t offset = mapping.block->record_offset;
  if (offset == 0) {
    return nullptr;
  }
  if (offset % alignof(heddle_inject_record) != 0 || offset > mapping.size ||
      mapping.size - offset < sizeof(heddle_inject_record)) {
    *refusal = "its record lies outside of it";
    return nullptr;
  }
  auto* const record =
      reinterpret_cast<heddle_inject_record*>(reinterpret_cast<char*>(mapping.block) + offset);
  const std::uint64_t room = mapping.size - offset - sizeof(heddle_inject_record);
  if (record->site_capacity > room / sizeof(heddle_inject_site) ||
      !std::has_single_bit(record->site_capacity)) {
    *refusal = "its record claims more sites than it holds, or not a power of two";
  }
  return record;
}

}  // namespace

constinit std::atomic<heddle_inject_control*> control_block{&own_block};

heddle_inject_control& map_plan_file(const char* path) {
  const long descriptor = raw_system_call(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    refuse_unopened(path, descriptor);
  }
  const Mapping mapping = map_descriptor(descriptor);
  // close() can only report write-back errors, and nothing was written through the descriptor.
  static_cast<void>(raw_system_call(SYS_close, descriptor));
  if (mapping.refusal != nullptr) {
    refuse(path, mapping.refusal);
  }
  if (mapping.block->protocol != HEDDLE_INJECT_PROTOCOL ||
      mapping.block->size != sizeof(heddle_inject_control)) {
    refuse(path, "it was written for another version of the shim");
  }
  if (mapping.block->rule_count > HEDDLE_INJECT_MAXIMUM_RULES) {
    refuse(path, "it claims more rules than a control block holds");
  }
  const char* refusal = nullptr;
  heddle_inject_record* const record = record_in(mapping, &refusal);
  if (refusal != nullptr) {
    refuse(path, refusal);
  }
  set_plan_record(record);
  return *mapping.block;
}

}  // namespace heddle::inject

HEDDLE_INJECT_EXPORTED heddle_inject_control* heddle_inject_control_block() __asm__(
    HEDDLE_INJECT_CONTROL_SYMBOL);

// The name in C++ differs from the symbol's, which inject_control.h has given to the type.
heddle_inject_control* heddle_inject_control_block() {
  return heddle::inject::control_block.load(std::memory_order_acquire);
}
