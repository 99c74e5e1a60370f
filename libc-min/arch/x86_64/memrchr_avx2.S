/* memrchr() by AVX2: avx2.inc. All of the memory may be read, so that only sizes below a vector
 * need care.
 *
 *      rdi    the memory;  rdx: its size, as long as it is needed
 *      r8     start of the current part
 *      ymm1   the byte
 */
#include "avx2.inc"

/* eax: a bit for each of 32 bytes that equals the byte. */
.macro HITS at:vararg
    vpcmpeqb \at, %ymm1, %ymm2
    vpmovmskb %ymm2, %eax
.endm

.macro HITS_128
    vpcmpeqb (%r8), %ymm1, %ymm2
    vpcmpeqb 32(%r8), %ymm1, %ymm3
    vpcmpeqb 64(%r8), %ymm1, %ymm4
    vpcmpeqb 96(%r8), %ymm1, %ymm5
    vpor %ymm2, %ymm3, %ymm6
    vpor %ymm4, %ymm5, %ymm7
    vpor %ymm6, %ymm7, %ymm6
    vpmovmskb %ymm6, %eax
    test %eax, %eax
.endm

FUNCTION_BEGIN_WEAK memrchr
    cmp $1, %rdx
    jbe .Lat_most_one
    NEED_AVX2 memrchr
    vmovd %esi, %xmm1
    vpbroadcastb %xmm1, %ymm1
    cmp $32, %rdx
    jae .Lvectors
    mov %edi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .Lpage_ends
    HITS (%rdi)
    bzhi %edx, %eax, %eax
    test %eax, %eax
    jz .Lnone
    bsr %eax, %eax
    add %rdi, %rax
    vzeroupper
    ret
.Lnone:
    xor %eax, %eax
    vzeroupper
    ret

    /* For every CPU: cheaper than a test of the features. */
.Lat_most_one:
    jb 1f
    cmp %sil, (%rdi)
    jne 1f
    mov %rdi, %rax
    ret
1:  xor %eax, %eax
    ret

    REST __memrchr
    /* The vector that ends with the memory begins in the same page. */
.Lpage_ends:
    lea -32(%rdi, %rdx), %r8
    HITS (%r8)
    test %eax, %eax
    jz .Lnone
    bsr %eax, %eax
    add %r8, %rax
    cmp %rdi, %rax
    jb .Lnone
    vzeroupper
    ret

    /* From the end backwards; the last part is at the start of the memory, and some of it is read
     * again. */
.Lvectors:
    lea -32(%rdi, %rdx), %r8
    HITS (%r8)
    test %eax, %eax
    jnz .Lfound
    cmp $64, %rdx
    ja 1f
    mov %rdi, %r8
    HITS (%r8)
    test %eax, %eax
    jz .Lnone
.Lfound:
    bsr %eax, %eax
    add %r8, %rax
    vzeroupper
    ret

1:  cmp $128, %rdx
    ja 2f
    sub $32, %r8
    HITS (%r8)
    test %eax, %eax
    jnz .Lfound
    lea 32(%rdi), %r8
    HITS (%r8)
    test %eax, %eax
    jnz .Lfound
    mov %rdi, %r8
    HITS (%r8)
    test %eax, %eax
    jnz .Lfound
    jmp .Lnone

2:  sub $96, %r8
    HITS_128
    jnz .Lfound_128
    add $31, %r8            /* aligned: the loop reads whole vectors */
    and $-32, %r8
    jmp 1f
    .p2align 4
.Lloop:
    HITS_128
    jnz .Lfound_128
1:  add $-128, %r8
    cmp %rdi, %r8
    ja .Lloop
    mov %rdi, %r8
    HITS_128
    jz .Lnone

    /* The part after it has no hit, so if the last vector has hits, its mask is the part's mask. */
.Lfound_128:
    vpmovmskb %ymm5, %ecx
    vpmovmskb %ymm4, %eax
    shl $32, %rcx
    or %rax, %rcx
    jnz 1f
    vpmovmskb %ymm3, %ecx
    vpmovmskb %ymm2, %eax
    shl $32, %rcx
    or %rax, %rcx
    bsr %rcx, %rax
    add %r8, %rax
    vzeroupper
    ret
1:  bsr %rcx, %rax
    lea 64(%r8, %rax), %rax
    vzeroupper
    ret
    FUNCTION_END __memrchr_rest
