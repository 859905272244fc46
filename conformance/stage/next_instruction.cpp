#include "stage/next_instruction.hpp"

#include <dlfcn.h>
#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>

#include "stage/stage_case.hpp"

namespace heddle::conformance {
namespace {

bool is_legacy_prefix(unsigned byte) {
  switch (byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67:
    case 0xf2:
    case 0xf3:
      return true;
    default:
      return false;
  }
}

// The byte after the opcode names the operands: with 3 in its upper bits, registers alone.
bool has_memory_operand(unsigned modrm) {
  return modrm >> 6 != 3;
}

// Opcodes of two and three bytes, after their first byte, 0f.
bool long_opcode_touches_memory(const unsigned char* code) {
  const unsigned opcode = code[0];
  if (opcode == 0x05) {  // syscall
    return true;
  }
  if (opcode == 0x38 || opcode == 0x3a) {
    return has_memory_operand(code[2]);
  }
  const bool is_hint = opcode == 0x0d || (opcode >= 0x18 && opcode <= 0x1f);  // prefetch, nop
  const bool is_jump = opcode >= 0x80 && opcode <= 0x8f;
  const bool is_swap = opcode >= 0xc8 && opcode <= 0xcf;
  return !is_hint && !is_jump && !is_swap && has_memory_operand(code[1]);
}

bool short_opcode_touches_memory(const unsigned char* code) {
  const unsigned opcode = code[0];
  const unsigned modrm = code[1];
  switch (opcode) {
    case 0x8d:  // lea
    case 0x8f:  // pop
      return false;
    case 0xe8:  // call
      return true;
    case 0xff: {
      const unsigned operation = (modrm >> 3) & 7;
      return operation == 2 || operation == 3 || has_memory_operand(modrm);  // two are calls
    }
    case 0x63:
    case 0x69:
    case 0x6b:
    case 0xc0:
    case 0xc1:
    case 0xc6:
    case 0xc7:
    case 0xf6:
    case 0xf7:
    case 0xfe:
      return has_memory_operand(modrm);
    default:
      break;
  }
  if (opcode < 0x40) {  // arithmetic: four forms of eight have operands
    return (opcode & 7) < 4 && has_memory_operand(modrm);
  }
  if ((opcode >= 0x80 && opcode <= 0x8e) || (opcode >= 0xd0 && opcode <= 0xdf)) {
    return has_memory_operand(modrm);
  }
  // Moves to a fixed address, and the instructions on strings.
  return opcode >= 0xa0 && opcode <= 0xaf && opcode != 0xa8 && opcode != 0xa9;
}

}  // namespace

bool touches_memory(const unsigned char* code) {
  while (is_legacy_prefix(*code)) {
    ++code;
  }
  if (*code == 0xf0) {  // lock
    return true;
  }
  if ((*code & 0xf0) == 0x40) {  // REX
    ++code;
  }
  switch (*code) {
    case 0x0f:
      return long_opcode_touches_memory(code + 1);
    case 0xc5:  // VEX, of two bytes and three
      return has_memory_operand(code[3]);
    case 0xc4:
      return has_memory_operand(code[4]);
    case 0x62:  // EVEX
      return has_memory_operand(code[5]);
    default:
      return short_opcode_touches_memory(code);
  }
}

CodeOfTheRuntime::CodeOfTheRuntime()
    : libc_(module_of(reinterpret_cast<const void*>(&::getpid))),
      linker_(module_of(reinterpret_cast<const void*>(::getauxval(AT_BASE)))),
      // The shim stands before libc, and has the call in its place.
      shim_(module_of(::dlsym(RTLD_DEFAULT, "pthread_create"))),
      suite_(module_of(reinterpret_cast<const void*>(&touches_memory))) {
  // One of the two is there: without it no thread of the runtime's could be stepped.
  const auto runtime = subject().spawning != nullptr
                           ? reinterpret_cast<std::uintptr_t>(subject().spawning->spawn)
                           : reinterpret_cast<std::uintptr_t>(subject().scopes->scope);
  if (runtime >= suite_.begin && runtime < suite_.end) {
    suite_ = {};
  }
}

bool CodeOfTheRuntime::contains(std::uintptr_t address) const {
  const auto is_in = [address](const Range& range) {
    return address >= range.begin && address < range.end;
  };
  return !is_in(libc_) && !is_in(linker_) && !is_in(shim_) && !is_in(suite_);
}

// Returns the range of the loaded object that has this code; an empty one if there is none.
CodeOfTheRuntime::Range CodeOfTheRuntime::module_of(const void* code) {
  struct Search {
    std::uintptr_t wanted;
    Range found;
  } search{reinterpret_cast<std::uintptr_t>(code), {}};
  static_cast<void>(::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* argument) {
        auto& [wanted, found] = *static_cast<Search*>(argument);
        Range range{UINTPTR_MAX, 0};
        for (int i = 0; i < object->dlpi_phnum; ++i) {
          const auto& segment = object->dlpi_phdr[i];
          if (segment.p_type == PT_LOAD) {
            const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
            range.begin = std::min(range.begin, begin);
            range.end = std::max(range.end, begin + segment.p_memsz);
          }
        }
        if (wanted < range.begin || wanted >= range.end) {
          return 0;
        }
        found = range;
        return 1;
      },
      &search));
  return search.found;
}

}  // namespace heddle::conformance
