#include "stage/next_instruction.hpp"

#include <vector>

#include "support/catch.hpp"

namespace heddle::conformance {
namespace {

using Code = std::vector<unsigned char>;

// As `objdump -d` shows them. The decoder may look at bytes behind the opcode.
bool touches(Code code) {
  code.resize(16, 0xcc);
  return touches_memory(code.data());
}

TEST_CASE("an instruction with a memory operand touches memory") {
  CHECK(touches({0x8b, 0x07}));                          // mov (%rdi),%eax
  CHECK(touches({0x48, 0x89, 0x07}));                    // mov %rax,(%rdi)
  CHECK(touches({0x64, 0x48, 0x8b, 0x04, 0x25}));        // mov %fs:0x0,%rax
  CHECK(touches({0x83, 0x3f, 0x00}));                    // cmpl $0x0,(%rdi)
  CHECK(touches({0xc7, 0x07, 0x01, 0x00, 0x00, 0x00}));  // movl $0x1,(%rdi)
  CHECK(touches({0x87, 0x07}));                          // xchg %eax,(%rdi)
  CHECK(touches({0x0f, 0xb6, 0x07}));                    // movzbl (%rdi),%eax
  CHECK(touches({0x0f, 0x38, 0xf0, 0x07}));              // movbe (%rdi),%eax
  CHECK(touches({0xff, 0x07}));                          // incl (%rdi)
  CHECK(touches({0xc5, 0xf9, 0x6f, 0x07}));              // vmovdqa (%rdi),%xmm0
  CHECK(touches({0xc4, 0xe2, 0xf9, 0x90, 0x04, 0x07}));  // vpgatherdq
  CHECK(touches({0xf3, 0x48, 0xa5}));                    // rep movsq
}

TEST_CASE("an atomic instruction, a call and a system call touch memory") {
  CHECK(touches({0xf0, 0xff, 0x0f}));              // lock decl (%rdi)
  CHECK(touches({0xf0, 0x48, 0x0f, 0xb1, 0x0f}));  // lock cmpxchg %rcx,(%rdi)
  CHECK(touches({0xe8, 0, 0, 0, 0}));              // call
  CHECK(touches({0xff, 0xd0}));                    // call *%rax
  CHECK(touches({0xff, 0x25, 0, 0, 0, 0}));        // jmp *0x0(%rip)
  CHECK(touches({0x0f, 0x05}));                    // syscall
}

TEST_CASE("an instruction of registers, the stack pointer or the flow alone touches none") {
  CHECK_FALSE(touches({0x89, 0xf8}));                    // mov %edi,%eax
  CHECK_FALSE(touches({0x48, 0x8d, 0x07}));              // lea (%rdi),%rax
  CHECK_FALSE(touches({0x31, 0xc0}));                    // xor %eax,%eax
  CHECK_FALSE(touches({0x85, 0xc0}));                    // test %eax,%eax
  CHECK_FALSE(touches({0x3c, 0x01}));                    // cmp $0x1,%al
  CHECK_FALSE(touches({0x74, 0x02}));                    // je
  CHECK_FALSE(touches({0x0f, 0x84, 0, 0, 0, 0}));        // je
  CHECK_FALSE(touches({0xeb, 0x02}));                    // jmp
  CHECK_FALSE(touches({0x55}));                          // push %rbp
  CHECK_FALSE(touches({0xc3}));                          // ret
  CHECK_FALSE(touches({0x0f, 0x1f, 0x40, 0x00}));        // nopl 0x0(%rax)
  CHECK_FALSE(touches({0x66, 0x0f, 0x1f, 0x44, 0, 0}));  // nopw 0x0(%rax,%rax,1)
  CHECK_FALSE(touches({0xf3, 0x0f, 0x1e, 0xfa}));        // endbr64
  CHECK_FALSE(touches({0x0f, 0xb6, 0xc0}));              // movzbl %al,%eax
  CHECK_FALSE(touches({0xff, 0xe0}));                    // jmp *%rax
  CHECK_FALSE(touches({0xc5, 0xf9, 0xef, 0xc0}));        // vpxor %xmm0,%xmm0,%xmm0
}

}  // namespace
}  // namespace heddle::conformance
