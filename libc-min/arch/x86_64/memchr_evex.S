/* memchr() by AVX-512: evex.inc.
 *
 * rdi: the memory, moves forward; esi: the byte; rdx: first the number of bytes from rdi on, always
 * up to the end. */
#include "evex.inc"

FUNCTION_BEGIN memchr
    NEED_EVEX memchr
    test %rdx, %rdx
    jz .Lnone
    vpbroadcastb %esi, %ymm16
    mov %edi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .Lpage_ends
    vpcmpeqb (%rdi), %ymm16, %k0
    kmovd %k0, %eax
    tzcnt %eax, %eax        /* 32: no hit */
    cmp %rdx, %rax
    jae .Lnone
    cmp $32, %eax
    je .Lgo_on
    add %rdi, %rax
    ret

.Lnone:
    xor %eax, %eax
    ret

    REST memchr
.Lpage_ends:
    mov %edi, %eax
    mov %rdi, %r8
    and $-32, %r8
    vpcmpeqb (%r8), %ymm16, %k0
    kmovd %k0, %ecx
    shrx %eax, %ecx, %ecx   /* by eax modulo 32 */
    tzcnt %ecx, %eax
    jc 1f
    cmp %rdx, %rax
    jae .Lnone
    add %rdi, %rax
    ret
1:  lea 32(%r8), %rax
    sub %rdi, %rax
    cmp %rax, %rdx
    jbe .Lnone

    /* From rdi on, which is aligned; a size may exceed the address space. */
.Lgo_on:
    mov %edi, %eax
    and $31, %eax
    sub %rax, %rdi
    add %rax, %rdx
    sbb %rax, %rax
    or %rax, %rdx
    .irp at, 32, 64, 96, 128
    vpcmpeqb \at(%rdi), %ymm16, %k0
    kmovd %k0, %eax
    test %eax, %eax
    jnz .Lat_\at
    cmp $\at + 32, %rdx
    jbe .Lnone
    .endr

    /* 128 bytes at a time, which share a page; some may be read twice. */
    vpbroadcastb %esi, %zmm16
    lea 160(%rdi), %rax
    and $-128, %rax
    sub %rax, %rdi
    add %rdi, %rdx
    mov %rax, %rdi
    .p2align 4
.Lloop:
    vpcmpeqb (%rdi), %zmm16, %k0
    vpcmpeqb 64(%rdi), %zmm16, %k1
    kortestq %k0, %k1
    jnz .Lfound
    sub $-128, %rdi
    sub $128, %rdx
    ja .Lloop
    xor %eax, %eax
    ret

    /* No branches: the place of the hit cannot be predicted. */
.Lfound:
    kmovq %k0, %rcx
    kmovq %k1, %rax
    tzcnt %rax, %rax
    add $64, %rax
    tzcnt %rcx, %rcx        /* carry: no hit */
    cmovnc %rcx, %rax
    cmp %rdx, %rax
    jae .Lnone
    add %rdi, %rax
    ret

    .irp at, 32, 64, 96, 128
.Lat_\at:
    tzcnt %eax, %eax
    add $\at, %rax
    cmp %rdx, %rax
    jae .Lnone
    add %rdi, %rax
    ret
    .endr
FUNCTION_END memchr_rest
