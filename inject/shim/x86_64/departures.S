// departures.S: the only places from which the raw layer lets system calls enter the kernel on the
// program's own registers, stack and signal mask. See ../raw/departures.hpp.
#include "../raw/departures.hpp"

// Tells unwinders where the interrupted code goes on after a system call in a thunk: at the target
// that the thunk's jump reads. The jump's displacement is relative to the end of the jump, so no
// relocation is needed. With `base` the thunk's first byte,
//   base = rip & -size;  target = *(base + jump_end + *(int32*)(base + jump_end - 4)).
// The stack and all other registers are the interrupted code's.
.macro unwind_to_target size, jump_end
  .cfi_def_cfa %rsp, 0
  // DW_CFA_expression for rip, 19 bytes: breg16 0, const1s -size, and, plus_uconst jump_end-8,
  // deref, const1s 32, shr, breg16 0, const1s -size, and, plus, plus_uconst jump_end.
  .cfi_escape 0x10, 16, 19
  .cfi_escape 0x80, 0, 0x09, (-\size) & 0xff, 0x1a, 0x23, \jump_end - 8, 0x06, 0x09, 32, 0x25
  .cfi_escape 0x80, 0, 0x09, (-\size) & 0xff, 0x1a, 0x22, 0x23, \jump_end
.endm

// A table of thunks, and the table of their targets, which departures.cpp fills.
.macro table name, count, size, jump_end, thunk
  .text
  .balign \size
  .globl heddle_inject_\name\()_thunks
  .hidden heddle_inject_\name\()_thunks
  .type heddle_inject_\name\()_thunks, @function
heddle_inject_\name\()_thunks:
  .cfi_startproc
  unwind_to_target \size, \jump_end
  .set index, 0
  .rept \count
    \thunk "heddle_inject_\name\()_targets + 8 * index"
    .balign \size
    .set index, index + 1
  .endr
  .cfi_endproc
  .size heddle_inject_\name\()_thunks, . - heddle_inject_\name\()_thunks

  .bss
  .balign 64
  .globl heddle_inject_\name\()_targets
  .hidden heddle_inject_\name\()_targets
  .type heddle_inject_\name\()_targets, @object
  .size heddle_inject_\name\()_targets, 8 * \count
heddle_inject_\name\()_targets:
  .skip 8 * \count
.endm

.macro call_thunk target
  syscall
  jmp *\target(%rip)
.endm

.macro compatible_call_thunk target
  int $0x80
  jmp *\target(%rip)
.endm

// The kernel does not arm a new thread or process, so the child arms itself. It may be a copy of
// code that keeps values below its stack pointer (the ABI's red zone), hence the 128 bytes.
.macro spawn_thunk target
  syscall
  test %rax, %rax
  jz 2f
1:
  jmp *\target(%rip)
2:
  add $-128, %rsp
  call heddle_inject_arm_child
  sub $-128, %rsp
  jmp 1b
.endm

// The sizes stand in raw.hpp, too.
table call, HEDDLE_INJECT_CALL_SITES, 8, 8, call_thunk
table compatible_call, HEDDLE_INJECT_COMPATIBLE_CALL_SITES, 8, 8, compatible_call_thunk
table spawn, HEDDLE_INJECT_SPAWN_SITES, 32, 13, spawn_thunk

// long heddle_inject_arm_thread(void): prctl(PR_SET_SYSCALL_USER_DISPATCH, ...) for the calling
// thread, with the shim's text as the range that is let through. Changes rax, rcx and r11 alone, as
// a system call does: a new process may hold anything in the other registers.
  .text
  .globl heddle_inject_arm_thread
  .hidden heddle_inject_arm_thread
  .type heddle_inject_arm_thread, @function
heddle_inject_arm_thread:
  .cfi_startproc
  .irp register, rdi, rsi, rdx, r10, r8
    push %\register
    .cfi_adjust_cfa_offset 8
  .endr
  mov $157, %eax  // SYS_prctl
  mov $59, %edi   // PR_SET_SYSCALL_USER_DISPATCH
  mov $1, %esi    // PR_SYS_DISPATCH_ON
  lea __ehdr_start(%rip), %rdx
  lea etext(%rip), %r10
  sub %rdx, %r10
  mov heddle_inject_selector@gottpoff(%rip), %r8
  add %fs:0, %r8
  syscall
  test %rax, %rax
  jnz 1f
  movb $1, (%r8)  // SYSCALL_DISPATCH_FILTER_BLOCK
1:
  .irp register, r8, r10, rdx, rsi, rdi
    pop %\register
    .cfi_adjust_cfa_offset -8
  .endr
  ret
  .cfi_endproc
  .size heddle_inject_arm_thread, . - heddle_inject_arm_thread

  .type heddle_inject_arm_child, @function
heddle_inject_arm_child:
  .cfi_startproc
  call heddle_inject_arm_thread
  test %rax, %rax
  jnz heddle_inject_child_is_unarmed
  ret
  .cfi_endproc
  .size heddle_inject_arm_child, . - heddle_inject_arm_child

// Returns from the handler. Unwinders and debuggers recognise a signal frame by exactly these bytes
// when nothing else describes it. They also look at the byte before, which the nop keeps apart from
// any other function.
  nop
  .globl heddle_inject_restorer
  .hidden heddle_inject_restorer
  .type heddle_inject_restorer, @function
heddle_inject_restorer:
  mov $15, %rax  // SYS_rt_sigreturn
  syscall
  .size heddle_inject_restorer, . - heddle_inject_restorer

  .hidden __ehdr_start, etext, heddle_inject_selector, heddle_inject_child_is_unarmed
  .section .note.GNU-stack, "", @progbits
