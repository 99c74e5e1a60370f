/* For the functions in assembly that use AVX-512's masks and the registers 16 to 31: which other
 * instructions do not use, so that no vzeroupper is due. gcc would begin with register 0.
 *
 * zmm, 64 bytes, halves the instructions in loops; ymm is for the beginning, which is mostly all. */
#ifndef LIBC_EVEX_H
#define LIBC_EVEX_H

#include "cpu.h"

#define PAGE 4096

/* The function `name`, which is `name`_no_evex, with two underscores before it, on other CPUs. */
.macro FUNCTION name
    .section .text.\name, "ax", @progbits
    .hidden __cpu_features, __\name\()_no_evex
    .globl \name
    .type \name, @function
    .p2align 6
\name:
    testb $CPU_EVEX, __cpu_features(%rip)
    jz __\name\()_no_evex
.endm

.macro FUNCTION_END name
    .size \name, . - \name
    .section .note.GNU-stack, "", @progbits
.endm

#endif
