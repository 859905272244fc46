// memory_map.hpp: the mappings of this process, asked of the kernel without allocating.
//
// The calling thread's file is read, since that of the process is empty once its first thread has
// ended.
#pragma once

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "raw_system_call.hpp"
#include "valgrind.hpp"

namespace heddle::inject {

struct MemoryMapping {
  std::uintptr_t start = 0;
  std::uintptr_t end = 0;
  bool accessible = false;  // in any way: neither a guard nor a mere reservation
  bool anonymous = false;   // private, without a file, and neither heap nor the main stack
  bool shared = false;      // shared, without a name in a file system
};

/// Says whether a shared mapping's name is one that the kernel makes up, where no file system has
/// one (memfd_create(2); MAP_SHARED | MAP_ANONYMOUS of mmap(2)).
constexpr bool names_shared_memory(std::string_view name) {
  return name.starts_with("/memfd:") || name.starts_with("/dev/zero");
}

/// Asks for one mapping after another, which Linux supports since 6.11. This is quicker than the
/// text, where the names of files cost most.
class MemoryMapQuery {
 public:
  explicit MemoryMapQuery(long descriptor) : descriptor_(descriptor) {}

  /// Returns the first mapping that ends above the address; its end is 0 without such a mapping, or
  /// without an answer.
  MemoryMapping next(std::uintptr_t address) {
    Request request{};
    request.query_address = address;
    if (!ask(request)) {
      return {};
    }
    MemoryMapping mapping{request.start, request.end, (request.permissions & any_access) != 0};
    const bool is_shared = (request.permissions & shared) != 0;
    if (is_shared || request.inode == 0) {
      char name[320];  // has room for the longest name of a memfd
      request = {};
      request.query_address = mapping.start;
      request.name_size = sizeof name;
      request.name = std::bit_cast<std::uint64_t>(&name[0]);
      if (ask(request)) {
        declare_written(&name[0], request.name_size);
        // A private mapping with a name is heap, stack, or the kernel's own.
        mapping.anonymous = !is_shared && request.name_size == 0;
        mapping.shared = is_shared && request.name_size != 0 && names_shared_memory(&name[0]);
      }
    }
    return mapping;
  }

 private:
  /// struct procmap_query of <linux/fs.h>, which older headers lack.
  struct Request {
    std::uint64_t size = sizeof(Request);
    std::uint64_t flags = 0x10;  // PROCMAP_QUERY_COVERING_OR_NEXT_VMA
    std::uint64_t query_address;
    std::uint64_t start, end, permissions, page_size, offset;
    std::uint64_t inode;
    std::uint32_t device_major, device_minor;
    std::uint32_t name_size, build_id_size;
    std::uint64_t name, build_id;
  };
  static constexpr std::uint64_t any_access = 1 | 2 | 4;  // PROCMAP_QUERY_VMA_READABLE, ...
  static constexpr std::uint64_t shared = 8;              // PROCMAP_QUERY_VMA_SHARED

  bool ask(Request& request) const {
    constexpr unsigned long procmap_query = _IOWR('f', 17, Request);
    return raw_system_call(SYS_ioctl, descriptor_, procmap_query, &request) == 0;
  }

  long descriptor_;
};

/// Parses the text piece by piece, with a state for each field of a line. It needs the addresses,
/// the permissions, the inode, and the beginning of the name.
class MemoryMapText {
 public:
  /// Calls `take` for each mapping. False when the mappings cannot be read.
  template <typename Take>
  static bool for_each(long descriptor, Take take) {
    MemoryMapText text;
    std::array<char, 4096> piece;
    long size = 0;
    while ((size = raw_system_call(SYS_read, descriptor, piece.data(), piece.size())) > 0) {
      for (long position = 0; position < size; ++position) {
        if (text.feed(piece[static_cast<std::size_t>(position)])) {
          static_cast<void>(take(text.mapping_));
          text = {};
        }
      }
    }
    return size == 0;
  }

 private:
  enum Field { start, end, permissions, offset, device, inode, name };

  /// Takes one character. True when the line, and so the mapping, is complete.
  bool feed(char character) {
    if (character == '\n') {
      mapping_.anonymous = !is_shared_ && !has_inode_ && name_size_ == 0;
      mapping_.shared = is_shared_ && names_shared_memory({name_.data(), name_size_});
      return true;
    }
    if (field_ != name && (character == ' ' || (field_ == start && character == '-'))) {
      field_ = static_cast<Field>(field_ + 1);
      return false;
    }
    take(character);
    return false;
  }

  void take(char character) {
    switch (field_) {
      case start:
        mapping_.start = mapping_.start * 16 + digit(character);
        break;
      case end:
        mapping_.end = mapping_.end * 16 + digit(character);
        break;
      case permissions:
        mapping_.accessible |= character == 'r' || character == 'w' || character == 'x';
        is_shared_ = character == 's';  // the last permission; 'p' means private
        break;
      case inode:
        has_inode_ |= character != '0';
        break;
      case name:
        if (character != ' ' && name_size_ < name_.size()) {
          name_[name_size_++] = character;
        }
        break;
      default:
        break;
    }
  }

  static std::uintptr_t digit(char character) {
    return static_cast<std::uintptr_t>(character >= 'a' ? character - 'a' + 10 : character - '0');
  }

  MemoryMapping mapping_;
  Field field_ = start;
  bool is_shared_ = false;
  bool has_inode_ = false;
  std::array<char, 16> name_{};  // its beginning, without spaces
  std::size_t name_size_ = 0;
};

/// Calls `take` for the mappings of this process, in order. `take` returns an address: mappings
/// that end at or below it may be left out. False when the mappings cannot be read.
template <typename Take>
bool for_each_mapping(Take take) {
  const long descriptor =
      raw_system_call(SYS_openat, AT_FDCWD, "/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  MemoryMapQuery query(descriptor);
  MemoryMapping mapping = query.next(0);
  bool complete = mapping.end != 0;
  if (complete) {
    while (mapping.end != 0) {
      mapping = query.next(take(mapping));
    }
  } else {
    complete = MemoryMapText::for_each(descriptor, take);
  }
  static_cast<void>(raw_system_call(SYS_close, descriptor));  // may fail: nothing was written
  return complete;
}

}  // namespace heddle::inject
