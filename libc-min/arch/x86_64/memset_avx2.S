/* memset() of more than 16 bytes by AVX2: avx2.inc.  Up to 256 bytes as two ends, which overlap. */
#include "avx2.inc"

/* From this size on, fast microcode is no slower than a loop of stores, and does not read lines
 * that it fills completely. */
#define REP_FROM 3072

FUNCTION memset
    vmovd %esi, %xmm0
    mov %rdi, %rax
    vpbroadcastb %xmm0, %ymm0
    cmp $32, %rdx
    ja 1f
    vmovdqu %xmm0, (%rdi)
    vmovdqu %xmm0, -16(%rdi, %rdx)
    vzeroupper
    ret
1:  vmovdqu %ymm0, (%rdi)
    cmp $64, %rdx
    ja 2f
1:  vmovdqu %ymm0, -32(%rdi, %rdx)
    vzeroupper
    ret
2:  vmovdqu %ymm0, 32(%rdi)
    cmp $128, %rdx
    ja 3f
    vmovdqu %ymm0, -64(%rdi, %rdx)
    vmovdqu %ymm0, -32(%rdi, %rdx)
    vzeroupper
    ret
3:  cmp $256, %rdx
    ja .Lloop
    vmovdqu %ymm0, 64(%rdi)
    vmovdqu %ymm0, 96(%rdi)
    vmovdqu %ymm0, -128(%rdi, %rdx)
    vmovdqu %ymm0, -96(%rdi, %rdx)
    vmovdqu %ymm0, -64(%rdi, %rdx)
    vmovdqu %ymm0, -32(%rdi, %rdx)
    vzeroupper
    ret

    .p2align 4
.Lloop:
    cmp $REP_FROM, %rdx
    jae .Lrep
.Lstores:
    lea -128(%rdi, %rdx), %rdx
    vmovdqu %ymm0, 64(%rdi)
    vmovdqu %ymm0, 96(%rdi)
    sub $-128, %rdi
    and $-32, %rdi
    .p2align 4
1:  vmovdqa %ymm0, (%rdi)
    vmovdqa %ymm0, 32(%rdi)
    vmovdqa %ymm0, 64(%rdi)
    vmovdqa %ymm0, 96(%rdi)
    sub $-128, %rdi
    cmp %rdx, %rdi
    jb 1b
    vmovdqu %ymm0, (%rdx)
    vmovdqu %ymm0, 32(%rdx)
    vmovdqu %ymm0, 64(%rdx)
    vmovdqu %ymm0, 96(%rdx)
    vzeroupper
    ret

.Lrep:
    testb $CPU_REP, __cpu_features(%rip)
    jz .Lstores
    vzeroupper
    mov %rax, %r8
    mov %esi, %eax
    mov %rdx, %rcx
    rep stosb
    mov %r8, %rax
    ret
FUNCTION_END __memset_avx2
