/* A program that never runs: its interpreter is the probe. A dynamic program has a data segment
 * with bss, so this one has, too. */
    .text
    .globl _start
_start:
    ud2
    .data
    .long 1
    .bss
    .skip 20000
    .section .note.GNU-stack, "", @progbits
