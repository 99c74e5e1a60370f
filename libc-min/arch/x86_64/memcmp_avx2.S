/* memcmp() of more than 32 bytes by AVX2: avx2.inc.
 *
 * rdi, rsi: the blocks; rdx: bytes left. */
#include "avx2.inc"

/* Zero flag: all 128 bytes are equal. ymm0 to ymm3 have the result for each byte. */
.macro COMPARE_128
    vmovdqu (%rdi), %ymm0
    vmovdqu 32(%rdi), %ymm1
    vmovdqu 64(%rdi), %ymm2
    vmovdqu 96(%rdi), %ymm3
    vpcmpeqb (%rsi), %ymm0, %ymm0
    vpcmpeqb 32(%rsi), %ymm1, %ymm1
    vpcmpeqb 64(%rsi), %ymm2, %ymm2
    vpcmpeqb 96(%rsi), %ymm3, %ymm3
    vpand %ymm0, %ymm1, %ymm4
    vpand %ymm2, %ymm3, %ymm5
    vpand %ymm4, %ymm5, %ymm4
    vpmovmskb %ymm4, %eax
    inc %eax
.endm

/* Zero flag: the 32 bytes are equal; else the lowest bit of eax marks the first difference. */
.macro COMPARE at
    vmovdqu \at(%rdi), %ymm0
    vpcmpeqb \at(%rsi), %ymm0, %ymm0
    vpmovmskb %ymm0, %eax
    inc %eax
.endm

FUNCTION memcmp
    cmp $128, %rdx
    ja .Lgo_on
    COMPARE 0
    jnz .Ldiffer
    cmp $64, %rdx
    jbe .Lend
    COMPARE 32
    jnz .Ldiffer_32
    lea -64(%rdi, %rdx), %rdi
    lea -64(%rsi, %rdx), %rsi
    COMPARE 0
    jnz .Ldiffer
    COMPARE 32
    jnz .Ldiffer_32
    vzeroupper
    ret

.Lend:
    lea -32(%rdi, %rdx), %rdi
    lea -32(%rsi, %rdx), %rsi
    COMPARE 0
    jnz .Ldiffer
    vzeroupper
    ret

.Ldiffer_32:
    add $32, %rdi
    add $32, %rsi
.Ldiffer:
    tzcnt %eax, %ecx
    movzbl (%rdi, %rcx), %eax
    movzbl (%rsi, %rcx), %ecx
    sub %ecx, %eax
    vzeroupper
    ret

    .p2align 4
.Lgo_on:
    COMPARE_128
    jnz .Lfound
    sub $128, %rdx
    cmp $128, %rdx
    jbe .Llast

    /* 128 at a time, from the place where rdi is aligned, while more than 128 are left; rdx: bytes
     * beyond those 128. */
    mov %edi, %eax
    or $-32, %rax
    sub $96, %rax
    sub %rax, %rdi
    sub %rax, %rsi
    add %rax, %rdx
    .p2align 4
.Lloop:
    COMPARE_128
    jnz .Lfound
    sub $-128, %rdi
    sub $-128, %rsi
    sub $128, %rdx
    ja .Lloop

    /* rdx + 128 bytes are left: compares the last 128, some of them again. */
.Llast:
    add %rdx, %rdi
    add %rdx, %rsi
    COMPARE_128
    jnz .Lfound
    vzeroupper
    ret

.Lfound:
    .irp register, 0, 1, 2
    vpmovmskb %ymm\register, %eax
    inc %eax
    jnz .Ldiffer
    add $32, %rdi
    add $32, %rsi
    .endr
    vpmovmskb %ymm3, %eax
    inc %eax
    jmp .Ldiffer
FUNCTION_END __memcmp_avx2
