// memory_map.h: reads /proc/self/maps without allocating.
#ifndef HEDDLE_INJECT_SHIM_MEMORY_MAP_H
#define HEDDLE_INJECT_SHIM_MEMORY_MAP_H

#include <fcntl.h>
#include <sys/syscall.h>

#include <array>
#include <cstdint>

#include "raw_system_call.h"

namespace heddle::inject {

struct MemoryMapping {
  uintptr_t start = 0;
  uintptr_t end = 0;
  bool accessible = false;  // in any way: it is no guard, and no mere reservation
  bool anonymous = false;   // private memory of no file, and neither heap nor the main stack
};

/// Takes the text in piece by piece, a state for each field of a line. What it needs of a line is
/// its addresses, its permissions, its inode, and whether a name follows.
class MemoryMapReader {
 public:
  /// Calls `take` for each mapping of this process. False when they cannot be read.
  template <typename Take>
  static bool for_each(Take take) {
    const long descriptor =
        raw_system_call(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
      return false;
    }
    MemoryMapReader reader;
    std::array<char, 4096> text;
    long size = 0;
    while ((size = raw_system_call(SYS_read, descriptor, text.data(), text.size())) > 0) {
      for (long position = 0; position < size; ++position) {
        if (reader.feed(text[static_cast<size_t>(position)])) {
          take(reader.mapping_);
          reader = {};
        }
      }
    }
    (void)raw_system_call(SYS_close, descriptor);  // nothing was written that it could lose
    return size == 0;
  }

 private:
  enum Field { kStart, kEnd, kPermissions, kOffset, kDevice, kInode, kName };

  /// True when the line, and so the mapping, is complete.
  bool feed(char character) {
    if (character == '\n') {
      return true;
    }
    if (field_ != kName && (character == ' ' || (field_ == kStart && character == '-'))) {
      field_ = static_cast<Field>(field_ + 1);
      return false;
    }
    take(character);
    return false;
  }

  void take(char character) {
    switch (field_) {
      case kStart:
        mapping_.start = mapping_.start * 16 + digit(character);
        break;
      case kEnd:
        mapping_.end = mapping_.end * 16 + digit(character);
        break;
      case kPermissions:
        mapping_.accessible |= character == 'r' || character == 'w' || character == 'x';
        mapping_.anonymous |= character == 'p';  // the last of them: private
        break;
      case kInode:
        mapping_.anonymous &= character == '0';
        break;
      case kName:
        mapping_.anonymous &= character == ' ';
        break;
      default:
        break;
    }
  }

  static uintptr_t digit(char character) {
    return static_cast<uintptr_t>(character >= 'a' ? character - 'a' + 10 : character - '0');
  }

  MemoryMapping mapping_;
  Field field_ = kStart;
};

}  // namespace heddle::inject

#endif
