/* What a function finds in the registers when it is called, and what it was called with. */
#ifndef REGISTERS_H
#define REGISTERS_H

/* Offsets into struct registers, for the assembler. */
#define AT_GENERAL 0
#define AT_MASKS   128
#define AT_VECTORS 192
#define AT_X87     2240
#define AT_END     2752

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct registers {
    /* rax rcx rdx rsi rdi r8 r9 r10 rbx rbp r12 r13 r14 r15, rsp at the first instruction, rflags
     */
    uint64_t general[16];
    uint64_t masks[8];       /* k0-k7, if there is AVX-512 */
    uint8_t vectors[32][64]; /* %zmm, %ymm or %xmm: as much as there is */
    uint8_t x87[512];        /* FXSAVE */
} __attribute__((aligned(64)));

_Static_assert(offsetof(struct registers, masks) == AT_MASKS, "masks");
_Static_assert(offsetof(struct registers, vectors) == AT_VECTORS, "vectors");
_Static_assert(sizeof(struct registers) == AT_END, "end");
_Static_assert(offsetof(struct registers, x87) == AT_X87, "x87");

/* `width`: 512, 256 or 128 bits of the vector registers. What the functions below were called
 * with last is at what it returns. */
struct registers *seen_prepare(unsigned width);

/* Both store all registers, and answer %rax + 1. seen_indirect is an ifunc,
 * whose resolver clears every register that a callee may change. */
void seen_plain(void);
void seen_indirect(void);
#endif
#endif
