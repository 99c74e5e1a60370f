/* strcmp() and strncmp() by AVX-512: evex.inc.  rdi, rsi: the strings, which move, rdx: how much of
 * them is left, for strncmp.
 *
 * Whole vectors are read, past what is left too, but none that reaches into a page where neither
 * string is known to go on. */
#include "evex.inc"

/* All bits of the register are set where the strings are equal and go on; none is, after inc. */
.macro COMPARE at
    vmovdqu64 \at(%rdi), %ymm16
    COMPARE_TO ymm16, \at
.endm

/* The vector was loaded from the first. */
.macro COMPARE_TO vector, at
    vptestmb %\vector, %\vector, %k1
    vpcmpeqb \at(%rsi), %\vector, %k0{%k1}
    kmovd %k0, %eax
    inc %eax
.endm

/* Carry: all 128 bytes are equal and go on.  0xf6: first | (second ^ third). */
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

/* The result from byte rcx of what is left. */
.macro RESULT_AT_RCX name, bounded
    .if \bounded
    cmp %rdx, %rcx
    jae .L\name\()_same
    .endif
    movzbl (%rdi, %rcx), %eax
    movzbl (%rsi, %rcx), %ecx
    sub %ecx, %eax
    ret
.endm

/* The result from where the lowest bit of rax is set, and `after`. */
.macro RESULT name, bounded, after
    tzcnt %rax, %rcx
    .if \after
    add $\after, %rcx
    .endif
    RESULT_AT_RCX \name, \bounded
.endm

/* Over if no more than so many bytes are left. */
.macro END_AT name, bounded, bytes
    .if \bounded
    cmp $\bytes, %rdx
    jbe .L\name\()_same
    .endif
.endm

.macro STEP name, bounded, by
    add \by, %rdi
    add \by, %rsi
    .if \bounded
    sub \by, %rdx
    jbe .L\name\()_same
    .endif
.endm

/* ecx: bytes to the end of the page of that string whose page ends first. */
.macro PAGE_ROOM
    mov %edi, %eax
    mov %esi, %ecx
    or $-PAGE, %eax
    or $-PAGE, %ecx
    cmp %eax, %ecx
    cmovb %eax, %ecx
    neg %ecx
.endm

.macro COMPARE_STRINGS name, bounded
FUNCTION \name
    END_AT \name, \bounded, 0
.L\name\()_again:
    mov %edi, %eax
    or %esi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .L\name\()_page_ends
.L\name\()_first:
    COMPARE 0
    jz .L\name\()_go_on
    RESULT \name, \bounded, 0

.L\name\()_same:
    xor %eax, %eax
    ret

    .p2align 4
.L\name\()_go_on:
    END_AT \name, \bounded, 32
    PAGE_ROOM
    cmp $128, %ecx
    jb .L\name\()_page_ends
    .irp at, 32, 64, 96
    COMPARE \at
    jnz .L\name\()_at_\at
    END_AT \name, \bounded, \at + 32
    .endr

    /* On from where rdi is aligned, 128 bytes at a time, ecx times before a page ends.  Aligned to
     * more, the loop would be faster, but how often it runs would differ more from call to call. */
    mov %edi, %eax
    or $-32, %rax
    sub $96, %rax
    sub %rax, %rdi
    sub %rax, %rsi
    .if \bounded
    add %rax, %rdx
    .endif
    add %eax, %ecx
.L\name\()_loops:
    mov %ecx, %r8d
    shr $7, %ecx
    jz .L\name\()_crossing
    .p2align 4
.L\name\()_loop:
    COMPARE_128
    jnc .L\name\()_stop
    STEP \name, \bounded, $128
    dec %ecx
    jnz .L\name\()_loop

    /* Those that the page ends with, some for the second time; then the next page exists. */
.L\name\()_crossing:
    and $127, %r8d
    jz .L\name\()_page
    sub $128, %r8
    add %r8, %rdi
    add %r8, %rsi
    .if \bounded
    sub %r8, %rdx
    .endif
    COMPARE_128
    jnc .L\name\()_stop
    STEP \name, \bounded, $128
.L\name\()_page:
    PAGE_ROOM
    jmp .L\name\()_loops

.L\name\()_stop:
    COMPARE_TO ymm16, 0
    jnz .L\name\()_at_0
    COMPARE_TO ymm17, 32
    jnz .L\name\()_at_32
    COMPARE_TO ymm18, 64
    jnz .L\name\()_at_64
    COMPARE_TO ymm19, 96
    .irp at, 96, 64, 32, 0
.L\name\()_at_\at:
    RESULT \name, \bounded, \at
    .endr

    /* A page may end within 128 bytes from the beginning: by 32, and what is left of the page. */
.L\name\()_page_ends:
    PAGE_ROOM
    cmp $128, %ecx
    jae .L\name\()_first
    mov $32, %eax
    cmp %eax, %ecx
    cmova %eax, %ecx
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
FUNCTION_END \name
.endm

COMPARE_STRINGS strcmp, 0
COMPARE_STRINGS strncmp, 1
