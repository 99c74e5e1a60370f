/* strlen(), strnlen(), strchr(), strchrnul() and memchr() by AVX2: avx2.inc.
 *
 * Each reads the first 32 bytes, then four aligned vectors, then 128 bytes at a time. If the first
 * 32 bytes would reach into the next page, the aligned vector with the first byte takes their
 * place.
 *
 *      rdi    the beginning
 *      rsi    strnlen: the size;  strchr, strchrnul, memchr: the byte
 *      rdx    strnlen, memchr: bytes left from rdi on, and in the loop from r8 on
 *      r8     an aligned place
 *      ymm0   zero;  ymm1: the byte
 */
#include "avx2.inc"

/* The object of the search: `kind`. */
#define BYTE        0
#define END         1
#define BYTE_OR_END 2

/* The form of the result: `answer`. */
#define LENGTH         0
#define POINTER        1 /* to the hit, which exists */
#define POINTER_OR_NUL 2 /* to the hit; NULL for the terminator */
#define BOUNDED        4 /* and within `rdx` bytes */

/* eax: a bit for each of 32 bytes that is of the kind; zero: no hit. */
.macro HITS kind, at:vararg
    .if \kind == BYTE_OR_END
    vmovdqu \at, %ymm2
    vpxor %ymm2, %ymm1, %ymm3
    vpminub %ymm2, %ymm3, %ymm2
    vpcmpeqb %ymm2, %ymm0, %ymm2
    .elseif \kind == END
    vpcmpeqb \at, %ymm0, %ymm2
    .else
    vpcmpeqb \at, %ymm1, %ymm2
    .endif
    vpmovmskb %ymm2, %eax
.endm

/* The same for 128 bytes from r8 on; the registers keep what MARK needs. */
.macro HITS_128 kind
    .if \kind == BYTE_OR_END
    vmovdqa (%r8), %ymm2
    vmovdqa 32(%r8), %ymm3
    vpxor %ymm2, %ymm1, %ymm4
    vpxor %ymm3, %ymm1, %ymm5
    vpminub %ymm2, %ymm4, %ymm4
    vpminub %ymm3, %ymm5, %ymm5
    vmovdqa 64(%r8), %ymm2
    vmovdqa 96(%r8), %ymm3
    vpxor %ymm2, %ymm1, %ymm6
    vpxor %ymm3, %ymm1, %ymm7
    vpminub %ymm2, %ymm6, %ymm6
    vpminub %ymm3, %ymm7, %ymm7
    vpminub %ymm4, %ymm5, %ymm2
    vpminub %ymm6, %ymm7, %ymm3
    vpminub %ymm2, %ymm3, %ymm2
    vpcmpeqb %ymm2, %ymm0, %ymm2
    .elseif \kind == END
    vmovdqa (%r8), %ymm4
    vmovdqa 64(%r8), %ymm6
    vpminub 32(%r8), %ymm4, %ymm2
    vpminub 96(%r8), %ymm6, %ymm3
    vpminub %ymm2, %ymm3, %ymm2
    vpcmpeqb %ymm2, %ymm0, %ymm2
    .else
    vpcmpeqb (%r8), %ymm1, %ymm4
    vpcmpeqb 32(%r8), %ymm1, %ymm5
    vpcmpeqb 64(%r8), %ymm1, %ymm6
    vpcmpeqb 96(%r8), %ymm1, %ymm7
    vpor %ymm4, %ymm5, %ymm2
    vpor %ymm6, %ymm7, %ymm3
    vpor %ymm2, %ymm3, %ymm2
    .endif
    vpmovmskb %ymm2, %eax
    test %eax, %eax
.endm

/* ymm4, ymm5, ymm6: all bits of the bytes that are of the kind, in the first three vectors at r8.
 */
.macro MARK kind
    .if \kind == BYTE_OR_END
    vpcmpeqb %ymm4, %ymm0, %ymm4
    vpcmpeqb %ymm5, %ymm0, %ymm5
    vpcmpeqb %ymm6, %ymm0, %ymm6
    .elseif \kind == END
    vpcmpeqb %ymm4, %ymm0, %ymm4
    vpcmpeqb 32(%r8), %ymm0, %ymm5
    vpcmpeqb %ymm6, %ymm0, %ymm6
    .endif
.endm

/* Returns the result for a hit at byte rax from `from` on. */
.macro ANSWER name, answer, from
    .if \answer == LENGTH | BOUNDED
    .ifc \from, %rdi
    cmp %rdx, %rax
    cmova %rdx, %rax
    .else
    cmp %rdx, %rax
    jae .L\name\()_none
    add \from, %rax
    sub %rdi, %rax
    .endif
    .elseif \answer == POINTER | BOUNDED
    cmp %rdx, %rax
    jae .L\name\()_none
    add \from, %rax
    .elseif \answer == LENGTH
    .ifnc \from, %rdi
    add \from, %rax
    sub %rdi, %rax
    .endif
    .else
    add \from, %rax
    .endif
    .if \answer == POINTER_OR_NUL
    xor %ecx, %ecx
    cmp %sil, (%rax)
    cmovne %rcx, %rax
    .endif
    vzeroupper
    ret
.endm

.macro SCAN name, kind, answer
    .if \kind != BYTE
    vpxor %xmm0, %xmm0, %xmm0
    .endif
    .if \kind != END
    vmovd %esi, %xmm1
    vpbroadcastb %xmm1, %ymm1
    .endif
    .if \answer & BOUNDED
    test %rdx, %rdx
    jz .L\name\()_none
    .endif
    mov %edi, %eax
    and $PAGE - 1, %eax
    cmp $PAGE - 32, %eax
    ja .L\name\()_page_ends
    HITS \kind, (%rdi)
.L\name\()_first:
    tzcnt %eax, %eax        /* carry: no hit */
    jc .L\name\()_go_on
    ANSWER \name, \answer, %rdi
    .if \answer & BOUNDED
.L\name\()_none:
    .if \answer & POINTER
    xor %eax, %eax
    .else
    mov %rsi, %rax
    .endif
    vzeroupper
    ret
    .endif

    REST \name
.L\name\()_go_on:
    .if \answer & BOUNDED
    cmp $32, %rdx
    jbe .L\name\()_none
.L\name\()_beyond:
    mov %rdi, %r8
    and $-32, %r8
    mov %edi, %eax
    and $31, %eax
    add %rax, %rdx          /* a size may exceed the address space */
    sbb %rax, %rax
    or %rax, %rdx
    .else
    mov %rdi, %r8
    and $-32, %r8
    .endif
    .irp at, 32, 64, 96, 128
    HITS \kind, \at(%r8)
    test %eax, %eax
    jnz .L\name\()_at_\at
    .if \answer & BOUNDED
    cmp $\at + 32, %rdx
    jbe .L\name\()_none
    .endif
    .endr

    /* 128 bytes at a time, which share a page; some may be read twice. */
    .if \answer & BOUNDED
    lea 160(%r8), %rax
    and $-128, %rax
    sub %rax, %r8
    add %r8, %rdx
    mov %rax, %r8
    .p2align 4
.L\name\()_loop:
    HITS_128 \kind
    jnz .L\name\()_found
    sub $-128, %r8
    sub $128, %rdx
    ja .L\name\()_loop
    jmp .L\name\()_none
    .else
    add $32, %r8
    and $-128, %r8
    .p2align 4
.L\name\()_loop:
    sub $-128, %r8
    HITS_128 \kind
    jz .L\name\()_loop
    .endif

    /* No branches: the place of the hit cannot be predicted. If it is not in the first three
     * vectors, it is in the fourth, whose mask is then the mask of all four. */
.L\name\()_found:
    MARK \kind
    vpmovmskb %ymm6, %ecx
    shl $32, %rax
    or %rax, %rcx
    vpmovmskb %ymm5, %eax
    vpmovmskb %ymm4, %r9d
    shl $32, %rax
    or %r9, %rax
    tzcnt %rcx, %rcx
    add $64, %rcx
    tzcnt %rax, %rax        /* carry: no hit */
    cmovc %rcx, %rax
    ANSWER \name, \answer, %r8

    .irp at, 32, 64, 96, 128
.L\name\()_at_\at:
    tzcnt %eax, %eax
    .if \answer & BOUNDED
    add $\at, %eax
    .else
    sub $-\at, %r8
    .endif
    ANSWER \name, \answer, %r8
    .endr

.L\name\()_page_ends:
    mov %rdi, %r8
    and $-32, %r8
    HITS \kind, (%r8)
    shrx %edi, %eax, %eax   /* by edi modulo 32 */
    .if \answer & BOUNDED
    tzcnt %eax, %eax
    jc 1f
    ANSWER \name, \answer, %rdi
1:  lea 32(%r8), %rax
    sub %rdi, %rax
    cmp %rax, %rdx
    jbe .L\name\()_none
    jmp .L\name\()_beyond
    .else
    jmp .L\name\()_first
    .endif
    FUNCTION_END \name\()_rest
.endm

FUNCTION_NO_EVEX strlen
    SCAN __strlen_no_evex, END, LENGTH

FUNCTION_NO_EVEX memchr
    SCAN __memchr_no_evex, BYTE, POINTER | BOUNDED

FUNCTION_BEGIN_WEAK strnlen
    NEED_AVX2 strnlen
    mov %rsi, %rdx
    SCAN __strnlen, END, LENGTH | BOUNDED

FUNCTION_BEGIN strchr
    NEED_AVX2 strchr
    SCAN strchr, BYTE_OR_END, POINTER_OR_NUL

FUNCTION_BEGIN_WEAK strchrnul
    NEED_AVX2 strchrnul
    SCAN __strchrnul, BYTE_OR_END, POINTER
