// vfork.S: see ../x86_64/vfork.S.
  .text
  .globl vfork
  .type vfork, %function
vfork:
  .cfi_startproc
  stp x29, x30, [sp, -16]!
  .cfi_def_cfa_offset 16
  .cfi_offset x29, -16
  .cfi_offset x30, -8
  mov x29, sp
  mov x0, x30  // the return address
  mov x1, x29  // the frame
  bl heddle_inject_decide_vfork
  ldp x29, x30, [sp], 16
  .cfi_def_cfa_offset 0
  .cfi_restore x29
  .cfi_restore x30
  cbz x0, 1f
  br x0
1:
  mov x0, x1
  ret
  .cfi_endproc
  .size vfork, . - vfork

  .hidden heddle_inject_decide_vfork
  .section .note.GNU-stack, "", %progbits
