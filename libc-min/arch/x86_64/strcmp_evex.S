/* strcmp() and strncmp() by AVX-512: evex.inc, strcmp.inc. */
#include "evex.inc"
#include "strcmp.inc"

/* All bits of the register are set while the strings are equal and go on; after inc, none is. */
.macro COMPARE at
    vmovdqu64 \at(%rdi), %ymm16
    COMPARE_TO ymm16, \at
.endm

/* The vector was loaded from the first string. */
.macro COMPARE_TO vector, at
    vptestmb %\vector, %\vector, %k1
    vpcmpeqb \at(%rsi), %\vector, %k0{%k1}
    kmovd %k0, %eax
    inc %eax
.endm

/* Carry: all 128 bytes are equal and go on. 0xf6: first | (second ^ third). */
.macro COMPARE_128
    vmovdqu64 (%rdi), %ymm16
    vmovdqu64 32(%rdi), %ymm17
    vmovdqu64 64(%rdi), %ymm18
    vmovdqu64 96(%rdi), %ymm19
    vpxorq (%rsi), %ymm16, %ymm20
    vpxorq 64(%rsi), %ymm18, %ymm21
    vpminub %ymm16, %ymm17, %ymm22
    vpminub %ymm18, %ymm19, %ymm23
    vpternlogd $0xf6, 32(%rsi), %ymm17, %ymm20
    vpternlogd $0xf6, 96(%rsi), %ymm19, %ymm21
    vpminub %ymm22, %ymm23, %ymm22
    vporq %ymm20, %ymm21, %ymm20
    vptestmb %ymm22, %ymm22, %k1
    vptestnmb %ymm20, %ymm20, %k0{%k1}
    kortestd %k0, %k0
.endm

.macro COMPARE_KEPT part
    .if \part == 0
    COMPARE_TO ymm16, 0
    .elseif \part == 1
    COMPARE_TO ymm17, 32
    .elseif \part == 2
    COMPARE_TO ymm18, 64
    .else
    COMPARE_TO ymm19, 96
    .endif
.endm

/* Compares 32 bytes, or all to the end of the page: a mask hides the bytes past it. Such a load is
 * slower. */
.macro PAGE_END name, bounded
    cmp $32, %ecx
    jae 2f
    mov $-1, %eax
    bzhi %ecx, %eax, %eax
    kmovd %eax, %k2
    vmovdqu8 (%rdi), %ymm16{%k2}{z}
    vptestmb %ymm16, %ymm16, %k1{%k2}
    vpcmpeqb (%rsi), %ymm16, %k0{%k1}
    kmovd %k0, %r8d
    xor %r8d, %eax
    jz 1f
    RESULT \name, \bounded, 0
1:  STEP \name, \bounded, %rcx
    jmp .L\name\()_again

2:  COMPARE 0
    jnz .L\name\()_part_0
    STEP \name, \bounded, $32
    jmp .L\name\()_again
.endm

.macro LEAVE
.endm

FUNCTION_BEGIN strcmp
    CHOOSE_EVEX_AVX2 strcmp
    COMPARE_STRINGS strcmp, strcmp, 0

FUNCTION_BEGIN strncmp
    CHOOSE_EVEX_AVX2 strncmp
    COMPARE_STRINGS strncmp, strncmp, 1
