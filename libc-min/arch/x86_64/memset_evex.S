/* memset() by AVX-512: evex.inc.
 *
 * Up to 512 bytes are written as two ends, which overlap. Up to 16 bytes need no vectors: that part
 * is for every CPU. */
#include "evex.inc"

/* From this size on, fast microcode is no slower than a loop of stores. */
#define REP_FROM 3072

FUNCTION_BEGIN memset
    mov %rdi, %rax
    cmp $16, %rdx
    ja .Lvectors            /* 16 itself as two numbers is a cycle faster */
    cmp $4, %edx
    jae .Lnumbers
    test %edx, %edx
    jz 1f
    mov %sil, (%rdi)
    mov %sil, -1(%rdi, %rdx)
    cmp $2, %edx
    ja 2f
1:  ret
2:  mov %sil, 1(%rdi)
    ret

    .p2align 4
.Lnumbers:
    movzbl %sil, %ecx
    movabs $0x0101010101010101, %rsi
    imul %rsi, %rcx
    cmp $8, %edx
    jb 1f
    mov %rcx, (%rdi)
    mov %rcx, -8(%rdi, %rdx)
    ret
1:  mov %ecx, (%rdi)
    mov %ecx, -4(%rdi, %rdx)
    ret

    .p2align 4
.Lvectors:
    CHOOSE_EVEX_AVX2 memset
    vpbroadcastb %esi, %zmm16
    cmp $32, %rdx
    ja 1f
    vmovdqu64 %xmm16, (%rdi)
    vmovdqu64 %xmm16, -16(%rdi, %rdx)
    ret
1:  cmp $64, %rdx
    jbe 2f
    vmovdqu64 %zmm16, (%rdi)
    cmp $128, %rdx
    jbe 1f
    vmovdqu64 %zmm16, 64(%rdi)
    cmp $256, %rdx
    ja .Lloops
    vmovdqu64 %zmm16, -128(%rdi, %rdx)
1:  vmovdqu64 %zmm16, -64(%rdi, %rdx)
    ret
2:  vmovdqu64 %ymm16, (%rdi)
    vmovdqu64 %ymm16, -32(%rdi, %rdx)
    ret

    .p2align 4
.Lloops:
    cmp $512, %rdx
    ja .Lloop
    vmovdqu64 %zmm16, 128(%rdi)
    vmovdqu64 %zmm16, 192(%rdi)
    vmovdqu64 %zmm16, -256(%rdi, %rdx)
    vmovdqu64 %zmm16, -192(%rdi, %rdx)
    vmovdqu64 %zmm16, -128(%rdi, %rdx)
    vmovdqu64 %zmm16, -64(%rdi, %rdx)
    ret

    .p2align 4
.Lloop:
    cmp $REP_FROM, %rdx
    jae .Lrep
.Lstores:
    lea -128(%rdi, %rdx), %rdx
    sub $-128, %rdi
    and $-64, %rdi
    .p2align 4
1:  vmovdqa64 %zmm16, (%rdi)
    vmovdqa64 %zmm16, 64(%rdi)
    sub $-128, %rdi
    cmp %rdx, %rdi
    jb 1b
    vmovdqu64 %zmm16, (%rdx)
    vmovdqu64 %zmm16, 64(%rdx)
    ret

.Lrep:
    testb $CPU_REP, __cpu_features(%rip)
    jz .Lstores
    mov %rax, %r8
    mov %esi, %eax
    mov %rdx, %rcx
    rep stosb
    mov %r8, %rax
    ret
FUNCTION_END memset
