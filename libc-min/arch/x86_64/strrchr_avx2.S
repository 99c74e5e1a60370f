/* strrchr() by AVX2: avx2.inc. One pass, which keeps the place of the last hit, r9.
 *
 *      rdi    the string;  r8: an aligned place in it
 *      ymm0   zero;  ymm1: the byte
 */
#include "avx2.inc"

/* rax: the last of the bytes from `from` on that have a bit in edx, which is not zero. */
.macro LAST from
    bsr %rdx, %rax
    add \from, %rax
.endm

FUNCTION_BEGIN strrchr
    NEED_AVX2 strrchr
    vpxor %xmm0, %xmm0, %xmm0
    vmovd %esi, %xmm1
    vpbroadcastb %xmm1, %ymm1
    mov %edi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .Lpage_ends
    vmovdqu (%rdi), %ymm2
    vpcmpeqb %ymm2, %ymm0, %ymm3
    vpcmpeqb %ymm2, %ymm1, %ymm2
    vpmovmskb %ymm3, %ecx
    vpmovmskb %ymm2, %edx
.Lfirst:
    test %ecx, %ecx
    jz .Lgo_on
    blsmsk %ecx, %ecx       /* up to the end, which may be the wanted byte */
    and %ecx, %edx
    jz .Lnone
    LAST %rdi
    vzeroupper
    ret
.Lnone:
    xor %eax, %eax
    vzeroupper
    ret

    REST strrchr
.Lpage_ends:
    mov %rdi, %r8
    and $-32, %r8
    vmovdqa (%r8), %ymm2
    vpcmpeqb %ymm2, %ymm0, %ymm3
    vpcmpeqb %ymm2, %ymm1, %ymm2
    vpmovmskb %ymm3, %ecx
    vpmovmskb %ymm2, %edx
    shrx %edi, %ecx, %ecx   /* by edi modulo 32 */
    shrx %edi, %edx, %edx
    jmp .Lfirst

.Lgo_on:
    mov %rdi, %r8
    and $-32, %r8
    xor %r9d, %r9d
    test %edx, %edx
    jz 1f
    LAST %rdi
    mov %rax, %r9

    /* The number of vectors does not depend on the alignment of the string, which cannot be
     * predicted. */
1:  .irp at, 32, 64, 96, 128
    vmovdqa \at(%r8), %ymm2
    vpxor %ymm2, %ymm1, %ymm3
    vpminub %ymm2, %ymm3, %ymm3
    vpcmpeqb %ymm3, %ymm0, %ymm3
    vpmovmskb %ymm3, %edx
    test %edx, %edx
    jnz .Lat_\at
.Lbeyond_\at:
    .endr

    /* 128 bytes at a time, which share a page; some may be read twice, in order. */
    add $32, %r8
    and $-128, %r8
    .p2align 4
.Lloop:
    vmovdqa 128(%r8), %ymm2
    vmovdqa 160(%r8), %ymm3
    vmovdqa 192(%r8), %ymm4
    vmovdqa 224(%r8), %ymm5
    sub $-128, %r8
    vpxor %ymm2, %ymm1, %ymm6
    vpxor %ymm3, %ymm1, %ymm7
    vpxor %ymm4, %ymm1, %ymm8
    vpxor %ymm5, %ymm1, %ymm9
    vpminub %ymm2, %ymm6, %ymm10
    vpminub %ymm3, %ymm7, %ymm11
    vpminub %ymm4, %ymm8, %ymm12
    vpminub %ymm5, %ymm9, %ymm13
    vpminub %ymm10, %ymm11, %ymm10
    vpminub %ymm12, %ymm13, %ymm12
    vpminub %ymm10, %ymm12, %ymm10
    vpcmpeqb %ymm10, %ymm0, %ymm10
    vpmovmskb %ymm10, %eax
    test %eax, %eax
    jz .Lloop

    .irp register, 6, 7, 8, 9
    vpcmpeqb %ymm\register, %ymm0, %ymm\register
    .endr
    vpor %ymm6, %ymm7, %ymm10
    vpor %ymm8, %ymm9, %ymm11
    vpor %ymm10, %ymm11, %ymm10
    vpmovmskb %ymm10, %eax
    test %eax, %eax
    jz .Lremembered         /* no hit but the end */

    /* rcx, rsi: the ends; rdx, r10: the hits. */
    .irp register, 2, 3, 4, 5
    vpcmpeqb %ymm\register, %ymm0, %ymm\register
    .endr
    vpmovmskb %ymm3, %eax
    vpmovmskb %ymm2, %ecx
    vpmovmskb %ymm5, %r10d
    vpmovmskb %ymm4, %esi
    shl $32, %rax
    shl $32, %r10
    or %rax, %rcx
    or %r10, %rsi
    vpmovmskb %ymm7, %eax
    vpmovmskb %ymm6, %edx
    vpmovmskb %ymm9, %r11d
    vpmovmskb %ymm8, %r10d
    shl $32, %rax
    shl $32, %r11
    or %rax, %rdx
    or %r11, %r10
    blsmsk %rsi, %rax       /* all bits if there is no end */
    and %rax, %r10
    xor %r11d, %r11d
    blsmsk %rcx, %rax
    and %rax, %rdx
    test %rcx, %rcx
    cmovnz %r11, %r10       /* the string ends before */
    or %rsi, %rcx
    mov %rdx, %rax
    or %r10, %rax
    jz 2f
    test %r10, %r10
    jz 1f
    bsr %r10, %rax
    lea 64(%r8, %rax), %r9
    jmp 2f
1:  LAST %r8
    mov %rax, %r9
2:  test %rcx, %rcx
    jz .Lloop
    mov %r9, %rax
    vzeroupper
    ret

    .irp at, 32, 64, 96, 128
.Lat_\at:
    vpcmpeqb %ymm2, %ymm1, %ymm3
    vpmovmskb %ymm3, %edx
    test %edx, %edx
    jz .Lremembered         /* no hit but the end */
    vpcmpeqb %ymm2, %ymm0, %ymm2
    vpmovmskb %ymm2, %ecx
    blsmsk %ecx, %eax       /* carry: no end */
    jc 1f
    and %eax, %edx
    jz .Lremembered
    bsr %edx, %edx
    lea \at(%r8, %rdx), %rax
    vzeroupper
    ret
1:  bsr %edx, %edx
    lea \at(%r8, %rdx), %r9
    jmp .Lbeyond_\at
    .endr

.Lremembered:
    mov %r9, %rax
    vzeroupper
    ret
    FUNCTION_END strrchr_rest
