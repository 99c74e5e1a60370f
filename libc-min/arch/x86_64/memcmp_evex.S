/* memcmp() by AVX-512: evex.inc.
 *
 * A mask limits a load to the bytes before the end, so that the load cannot fault beyond it (Intel
 * SDM volume 1, 15.6.4). Up to 32 bytes need only vectors of SSE2: that part is for every CPU. */
#include "evex.inc"

/* Zero flag: all 128 bytes are equal. 0xf6: first | (second ^ third). */
.macro COMPARE_128
    vmovdqu64 (%rdi), %ymm16
    vmovdqu64 32(%rdi), %ymm17
    vmovdqu64 64(%rdi), %ymm18
    vmovdqu64 96(%rdi), %ymm19
    vpxorq (%rsi), %ymm16, %ymm16
    vpxorq 64(%rsi), %ymm18, %ymm18
    vpternlogd $0xf6, 32(%rsi), %ymm17, %ymm16
    vpternlogd $0xf6, 96(%rsi), %ymm19, %ymm18
    vporq %ymm16, %ymm18, %ymm16
    vptestmb %ymm16, %ymm16, %k0
    kortestd %k0, %k0
.endm

FUNCTION_BEGIN memcmp
    cmp $32, %rdx
    ja .Lvectors
    cmp $8, %edx
    jae .Leight
    cmp $1, %edx
    ja 1f
    jb .Lsame
    movzbl (%rdi), %eax
    movzbl (%rsi), %ecx
    sub %ecx, %eax
    ret

    /* The order of bytes is the order of big-endian numbers. Two bytes, or three, with the last one
     * again. */
1:  cmp $4, %edx
    jae 2f
    movzwl (%rdi), %eax
    movzwl (%rsi), %ecx
    bswap %eax
    bswap %ecx
    movb -1(%rdi, %rdx), %al
    movb -1(%rsi, %rdx), %cl
    cmp %ecx, %eax
    jne .Lorder
    xor %eax, %eax
    ret

2:  mov (%rdi), %eax
    mov (%rsi), %ecx
    bswap %eax
    bswap %ecx
    cmp %ecx, %eax
    jne .Lorder
    mov -4(%rdi, %rdx), %eax
    mov -4(%rsi, %rdx), %ecx
    bswap %eax
    bswap %ecx
    cmp %ecx, %eax
    jne .Lorder
.Lsame:
    xor %eax, %eax
    ret

    .p2align 4
.Leight:
    cmp $16, %edx
    jae 1f
    mov (%rdi), %rax
    mov (%rsi), %rcx
    cmp %rcx, %rax
    jne 2f
    mov -8(%rdi, %rdx), %rax
    mov -8(%rsi, %rdx), %rcx
    cmp %rcx, %rax
    je .Lsame
2:  bswap %rax
    bswap %rcx
    cmp %rcx, %rax
.Lorder:
    sbb %eax, %eax
    or $1, %eax
    ret

    /* SSE2: two ends, which overlap. */
1:  movdqu (%rdi), %xmm0
    movdqu (%rsi), %xmm1
    pcmpeqb %xmm1, %xmm0
    pmovmskb %xmm0, %eax
    sub $0xffff, %eax
    jnz 2f
    lea -16(%rdi, %rdx), %rdi
    lea -16(%rsi, %rdx), %rsi
    movdqu (%rdi), %xmm0
    movdqu (%rsi), %xmm1
    pcmpeqb %xmm1, %xmm0
    pmovmskb %xmm0, %eax
    sub $0xffff, %eax
    jnz 2f
    ret
2:  bsf %eax, %ecx          /* 0xffff - mask has a bit for each difference; -mask has the same lowest bit */
    movzbl (%rdi, %rcx), %eax
    movzbl (%rsi, %rcx), %ecx
    sub %ecx, %eax
    ret

    .p2align 4
.Lvectors:
    CHOOSE_EVEX_AVX2 memcmp
    cmp $64, %rdx
    ja .Lgo_on
    mov $-1, %rax
    bzhi %rdx, %rax, %rax
    kmovq %rax, %k1
    vmovdqu8 (%rdi), %zmm16{%k1}{z}
    vpcmpneqb (%rsi), %zmm16, %k0{%k1}
    kmovq %k0, %rax
    test %rax, %rax
    jnz .Ldiffer
    ret

    .p2align 4
.Ldiffer:
    tzcnt %rax, %rcx
    movzbl (%rdi, %rcx), %eax
    movzbl (%rsi, %rcx), %ecx
    sub %ecx, %eax
    ret

    REST memcmp
.Lgo_on:
    cmp $128, %rdx
    jbe .Lends
    COMPARE_128
    jnz .Lfound
    sub $128, %rdx
    cmp $128, %rdx
    jbe .Llast_128

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

    /* rdx + 128 bytes are left: compares the last 64 or 128, some of them again. */
    cmp $-64, %rdx
    jle .Llast_64
.Llast_128:
    add %rdx, %rdi
    add %rdx, %rsi
    COMPARE_128
    jnz .Lfound
    xor %eax, %eax
    ret

.Llast_64:
    sub $-128, %rdx
.Lend:
    vmovdqu64 -64(%rdi, %rdx), %zmm16
    vpcmpneqb -64(%rsi, %rdx), %zmm16, %k0
    kmovq %k0, %rax
    test %rax, %rax
    jnz .Ldiffer_at_end
    ret

.Lends:
    vmovdqu64 (%rdi), %zmm16
    vpcmpneqb (%rsi), %zmm16, %k0
    kmovq %k0, %rax
    test %rax, %rax
    jz .Lend
    jmp .Ldiffer

.Ldiffer_at_end:
    lea -64(%rdi, %rdx), %rdi
    lea -64(%rsi, %rdx), %rsi
    jmp .Ldiffer

    /* No branches: the place of the difference cannot be predicted. */
.Lfound:
    vmovdqu64 (%rdi), %zmm16
    vmovdqu64 64(%rdi), %zmm17
    vpcmpneqb (%rsi), %zmm16, %k0
    vpcmpneqb 64(%rsi), %zmm17, %k1
    kmovq %k0, %rax
    kmovq %k1, %rcx
    tzcnt %rcx, %rcx
    add $64, %rcx
    tzcnt %rax, %rax        /* carry: no difference */
    cmovnc %rax, %rcx
    movzbl (%rdi, %rcx), %eax
    movzbl (%rsi, %rcx), %ecx
    sub %ecx, %eax
    ret
FUNCTION_END memcmp_rest
