/* The reserved range: the one range of addresses in which everything of the tool lives, its image,
 * its memory, the page of the hand-over.
 *
 * A single munmap of the range leaves nothing of the tool behind, whatever libelf or libc
 * allocated. The range lies where nothing is put unasked: above a PIE with its heap (0x5555... and
 * up to 1 TiB + 1 GiB of randomness), below the mmap area (down from 0x7fff...).
 *
 * The kernel itself loads the tool there: align.sh gives the first segment an alignment of
 * RESERVED_ALIGN, and Linux 6.10 and later put a static PIE at the multiple of its alignment below
 * where mmap would: 0x700000000000, or, if the stack may be so large that the mmap area is moved
 * down for it, a lower multiple. An older kernel ignores the alignment, and the tool moves itself,
 * by mremap; the tool also moves for a program that needs these very addresses (uexec itself is
 * one), after it has started again. */
#ifndef LOADER_RESERVED_H
#define LOADER_RESERVED_H

#include <stdint.h>

#define RESERVED_ALIGN 0x100000000000ul /* p_align of the first segment: align.sh reads it here */
#define RESERVED_MOVED 0x600000000000ul /* where the tool moves if the kernel put it elsewhere */
#define RESERVED_OTHER 0x500000000000ul /* where it moves for a program that needs its place */
#define RESERVED_BYTES 0x40000000ul

/* argv[0] of a tool that has started itself again, to make way. */
#define RESERVED_ELSEWHERE "uexec-elsewhere"

/* Where the range begins; set by self_move(), before anything else runs. */
extern uintptr_t reserved_start __attribute__((visibility("hidden")));

/* The tool's segments. */
static inline uintptr_t reserved_image(void)
{
    return reserved_start;
}

/* A page: the hand-over's code. */
static inline uintptr_t reserved_code(void)
{
    return reserved_start + 0x10000000;
}

/* malloc's memory, the hand-over's data in it. */
static inline uintptr_t reserved_arena(void)
{
    return reserved_code() + 0x1000;
}

static inline uintptr_t reserved_end(void)
{
    return reserved_start + RESERVED_BYTES;
}

#endif
