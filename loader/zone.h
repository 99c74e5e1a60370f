/* The zone: the one range of addresses in which everything of the tool lives,
 * its image, its memory, the page of the hand-over.
 *
 * A single munmap of the zone therefore leaves nothing of the tool behind,
 * whatever libelf or libc allocated.  It lies where nothing is put unasked:
 * above a PIE with its heap (0x5555... and up to 1 TiB + 1 GiB of randomness),
 * below the mmap area (down from 0x7fff...).
 *
 * The kernel itself loads the tool there: rules.mk gives the first segment an
 * alignment of 2^44, and Linux 6.10 and later put a static PIE at the multiple
 * of its alignment below where mmap would: 0x700000000000, or, if the stack
 * may be so large that the mmap area is moved down for it, a lower multiple.
 * An older kernel ignores the alignment, and the tool moves itself, by mremap;
 * so it does for a program that needs these very addresses (uexec itself is
 * one), after starting again. */
#ifndef UEXEC_ZONE_H
#define UEXEC_ZONE_H

#include <stdint.h>

#define ZONE_ALIGN 0x100000000000ul /* p_align of the first segment */
#define ZONE_MOVED 0x600000000000ul /* where the tool moves if the kernel put it elsewhere */
#define ZONE_OTHER 0x500000000000ul /* where it moves for a program that needs its place */
#define ZONE_BYTES 0x40000000ul

/* argv[0] of a tool that has started itself again, to make way. */
#define ZONE_ELSEWHERE "uexec-elsewhere"

/* Where it is; set by self_move(), before anything else runs. */
extern uintptr_t zone_start __attribute__((visibility("hidden")));

#define ZONE_IMAGE zone_start                  /* the tool's segments */
#define ZONE_CODE  (zone_start + 0x10000000ul) /* a page: the hand-over's code */
#define ZONE_ARENA (ZONE_CODE + 0x1000ul)      /* malloc's memory, the hand-over's data in it */
#define ZONE_END   (zone_start + ZONE_BYTES)

#endif
