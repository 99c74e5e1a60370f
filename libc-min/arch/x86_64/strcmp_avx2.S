/* strcmp() and strncmp() by AVX2: avx2.inc, strcmp.inc. */
#include "avx2.inc"
#include "strcmp.inc"

/* eax: one bit for each byte that differs or is the end. */
.macro COMPARE at
    vmovdqu \at(%rdi), %ymm0
    vpcmpeqb \at(%rsi), %ymm0, %ymm1
    vpminub %ymm0, %ymm1, %ymm1
    vpcmpeqb %ymm15, %ymm1, %ymm1
    vpmovmskb %ymm1, %eax
    test %eax, %eax
.endm

/* ymm4 to ymm7: zero where bytes differ or are the end. */
.macro COMPARE_128
    vmovdqu (%rdi), %ymm0
    vmovdqu 32(%rdi), %ymm1
    vmovdqu 64(%rdi), %ymm2
    vmovdqu 96(%rdi), %ymm3
    vpcmpeqb (%rsi), %ymm0, %ymm4
    vpcmpeqb 32(%rsi), %ymm1, %ymm5
    vpcmpeqb 64(%rsi), %ymm2, %ymm6
    vpcmpeqb 96(%rsi), %ymm3, %ymm7
    vpminub %ymm0, %ymm4, %ymm4
    vpminub %ymm1, %ymm5, %ymm5
    vpminub %ymm2, %ymm6, %ymm6
    vpminub %ymm3, %ymm7, %ymm7
    vpminub %ymm4, %ymm5, %ymm8
    vpminub %ymm6, %ymm7, %ymm9
    vpminub %ymm8, %ymm9, %ymm8
    vpcmpeqb %ymm15, %ymm8, %ymm8
    vpmovmskb %ymm8, %eax
    cmp $1, %eax            /* carry: zero */
.endm

.macro COMPARE_KEPT part
    .if \part == 0
    vpcmpeqb %ymm15, %ymm4, %ymm4
    vpmovmskb %ymm4, %eax
    .elseif \part == 1
    vpcmpeqb %ymm15, %ymm5, %ymm5
    vpmovmskb %ymm5, %eax
    .elseif \part == 2
    vpcmpeqb %ymm15, %ymm6, %ymm6
    vpmovmskb %ymm6, %eax
    .else
    vpcmpeqb %ymm15, %ymm7, %ymm7
    vpmovmskb %ymm7, %eax
    .endif
    test %eax, %eax
.endm

/* Compares 32 bytes, 16, or one by one to the end of the page. */
.macro PAGE_END name, bounded
    cmp $32, %ecx
    jae 2f
    cmp $16, %ecx
    jae 1f
3:  movzbl (%rdi), %eax
    movzbl (%rsi), %r8d
    sub %r8d, %eax
    jnz 4f
    test %r8d, %r8d
    jz 4f
    STEP \name, \bounded, $1
    dec %ecx
    jnz 3b
    jmp .L\name\()_again
4:  LEAVE
    ret

1:  vmovdqu (%rdi), %xmm0
    vpcmpeqb (%rsi), %xmm0, %xmm1
    vpminub %xmm0, %xmm1, %xmm1
    vpcmpeqb %xmm15, %xmm1, %xmm1
    vpmovmskb %xmm1, %eax
    test %eax, %eax
    jnz .L\name\()_part_0
    STEP \name, \bounded, $16
    jmp .L\name\()_again

2:  COMPARE 0
    jnz .L\name\()_part_0
    STEP \name, \bounded, $32
    jmp .L\name\()_again
.endm

.macro LEAVE
    vzeroupper
.endm

FUNCTION strcmp
    vpxor %xmm15, %xmm15, %xmm15
    COMPARE_STRINGS strcmp, __strcmp_avx2, 0

FUNCTION strncmp
    vpxor %xmm15, %xmm15, %xmm15
    COMPARE_STRINGS strncmp, __strncmp_avx2, 1
