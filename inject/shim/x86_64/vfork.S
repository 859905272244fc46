// vfork.S: the wrapper of vfork, whose child returns first, on its parent's stack. A frame of the
// wrapper's own would be overwritten by then. So the wrapper gives its frame up before the call, and
// jumps to the next definition, which returns to the program, twice.
  .text
  .globl vfork
  .type vfork, @function
vfork:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  mov 8(%rbp), %rdi  // the return address
  mov %rbp, %rsi     // the frame
  call heddle_inject_decide_vfork
  pop %rbp
  .cfi_def_cfa_offset 8
  .cfi_restore %rbp
  test %rax, %rax
  jz 1f
  jmp *%rax
1:
  mov %rdx, %rax
  ret
  .cfi_endproc
  .size vfork, . - vfork

  .hidden heddle_inject_decide_vfork
  .section .note.GNU-stack, "", @progbits
