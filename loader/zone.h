/* The zone: the one range of addresses in which everything of the tool lives,
 * its image, its memory, the hand-over, and the vDSO while it is on the move.
 *
 * A single munmap of the zone therefore leaves nothing of the tool behind,
 * whatever libelf or libc allocated.  It lies between where the kernel puts a
 * PIE with its heap (0x5555... and up to 1 TiB + 1 GiB of randomness above)
 * and the mmap area (down from 0x7fff...), where nothing is put unasked.
 *
 * A program that needs these very addresses (uexec itself is one) makes the tool
 * start again, and move, by mremap, to the other place.
 *
 * The kernel itself loads the tool here: rules.mk gives the first segment an
 * alignment of 2^45, and 0x600000000000 is the only multiple of that in the
 * mmap area (Linux 6.10 and later honour a static PIE's p_align). */
#ifndef UEXEC_ZONE_H
#define UEXEC_ZONE_H

#include <stdint.h>

#define ZONE_FIRST 0x600000000000ul
#define ZONE_OTHER 0x500000000000ul
#define ZONE_BYTES 0x40000000ul

/* argv[0] of a tool that has started itself again, to be at ZONE_OTHER. */
#define ZONE_ELSEWHERE "uexec-elsewhere"

/* Which of the two it is; set by self_move(), before anything else runs. */
extern uintptr_t zone_start __attribute__((visibility("hidden")));

#define ZONE_IMAGE zone_start                  /* the tool's segments */
#define ZONE_CODE  (zone_start + 0x10000000ul) /* a page: the hand-over's code */
#define ZONE_ARENA (ZONE_CODE + 0x1000ul)      /* malloc's memory, the hand-over's data in it */
#define ZONE_VDSO  (zone_start + 0x38000000ul) /* the vDSO, while the program is mapped */
#define ZONE_END   (zone_start + ZONE_BYTES)

#endif
