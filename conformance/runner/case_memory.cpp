#include "runner/case_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>
#include <vector>

namespace heddle::conformance {
namespace {

constexpr off_t output_size = 1 << 20;
// A panic that cannot unwind says why before it prints a long backtrace, and both must be kept.
constexpr off_t output_kept = 32 * 1024;
// Makes a file in memory that cannot grow: a case that prints without end gets EPERM, and fills no
// memory. The file is opened again by its name: the kernel does not lock the offset of the
// descriptor that memfd_create returns, so threads that write at the same time would overwrite each
// other's text.
Descriptor memory_file(const char* name, off_t size) {
  const Descriptor made(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (made.get() < 0 || ::ftruncate(made.get(), size) != 0 ||
      ::fcntl(made.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) != 0) {
    throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  const auto path = fmt::format("/proc/self/fd/{}", made.get());
  Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.get() < 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return file;
}

void clear(Evidence& evidence) {
  const std::uint32_t used =
      std::min<std::uint32_t>(evidence.event_count.load(), Evidence::maximum_events);
  for (std::uint32_t index = 0; index < used; ++index) {
    evidence.events[index].ready.store(0);
  }
  for (auto* const flag : {&evidence.began, &evidence.finished, &evidence.searched,
                           &evidence.death_due, &evidence.failure_claimed, &evidence.failed,
                           &evidence.excused, &evidence.internal, &evidence.event_count}) {
    flag->store(0);
  }
  evidence.fault_reached.store(0);
  evidence.fault_fired.store(0);
}

}  // namespace

CaseMemory::CaseMemory()
    : evidence_file_(memory_file("heddle-evidence", sizeof(Evidence))),
      output_file_(memory_file("heddle-output", output_size)) {
  void* const memory = ::mmap(nullptr, sizeof(Evidence), PROT_READ | PROT_WRITE, MAP_SHARED,
                              evidence_file_.get(), 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "mmap of the evidence");
  }
  evidence_ = static_cast<Evidence*>(memory);
}

CaseMemory::~CaseMemory() {
  static_cast<void>(::munmap(evidence_, sizeof(Evidence)));  // mapped above
}

void CaseMemory::reset() {
  clear(*evidence_);
  static_cast<void>(::lseek(output_file_.get(), 0, SEEK_SET));  // a memory file: cannot fail
}

// Returns what the case has printed. The file's offset is shared with the case, so it shows how
// much.
std::string CaseMemory::output() const {
  const off_t length = ::lseek(output_file_.get(), 0, SEEK_CUR);
  const off_t from = std::max<off_t>(0, length - output_kept);
  std::string text(static_cast<std::size_t>(std::max<off_t>(0, length - from)), '\0');
  const ssize_t got = ::pread(output_file_.get(), text.data(), text.size(), from);
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  return text;
}

std::string CaseMemory::last_line() const {
  const auto is_space = [](char letter) {
    return std::isspace(static_cast<unsigned char>(letter)) != 0;
  };
  std::string text = output();
  while (!text.empty() && is_space(text.back())) {
    text.pop_back();
  }
  return text.substr(text.rfind('\n') + 1);
}

CaseResult CaseMemory::collect() const {
  CaseResult result = result_of(*evidence_);
  result.output = output();
  return result;
}

}  // namespace heddle::conformance
