/* strlen() by AVX-512: evex.inc. */
#include "evex.inc"

FUNCTION_BEGIN strlen
    NEED_EVEX strlen
    vpxorq %xmm16, %xmm16, %xmm16
    mov %edi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .Lpage_ends
    vpcmpeqb (%rdi), %ymm16, %k0
    kmovd %k0, %eax
    tzcnt %eax, %eax        /* carry: no hit */
    jc .Lgo_on
    ret

    REST strlen
.Lgo_on:
    mov %rdi, %rdx
    and $-32, %rdx
    .irp at, 32, 64, 96, 128
    vpcmpeqb \at(%rdx), %ymm16, %k0
    kmovd %k0, %eax
    test %eax, %eax
    jnz .Lat_\at
    .endr

    /* 128 bytes at a time, which share a page; some may be read twice. */
    add $32, %rdx           /* the loop begins 128 bytes further */
    and $-128, %rdx
    .p2align 4
.Lloop:
    vmovdqa64 128(%rdx), %zmm17
    vpminub 192(%rdx), %zmm17, %zmm18
    sub $-128, %rdx
    vptestnmb %zmm18, %zmm18, %k0
    kortestq %k0, %k0
    jz .Lloop

    /* No branches: the place of the hit cannot be predicted. */
    vptestnmb %zmm17, %zmm17, %k1
    kmovq %k0, %rax
    kmovq %k1, %rcx
    sub %rdi, %rdx
    tzcnt %rax, %rax
    add $64, %rax
    tzcnt %rcx, %rcx        /* carry: no hit */
    cmovnc %rcx, %rax
    add %rdx, %rax
    ret

    .irp at, 32, 64, 96, 128
.Lat_\at:
    tzcnt %eax, %eax
    sub %rdi, %rdx
    lea \at(%rax, %rdx), %rax
    ret
    .endr

.Lpage_ends:
    mov %rdi, %rdx
    and $-32, %rdx
    vpcmpeqb (%rdx), %ymm16, %k0
    kmovd %k0, %eax
    shrx %edi, %eax, %eax   /* by edi modulo 32 */
    tzcnt %eax, %eax
    jc .Lgo_on
    ret
FUNCTION_END strlen_rest
