/* The zone: the one range of addresses in which everything of the tool lives,
 * its image, its memory, the hand-over, and the vDSO while it is on the move.
 *
 * A single munmap of the zone therefore leaves nothing of the tool behind,
 * whatever libelf or libc allocated.  It lies between where the kernel puts a
 * PIE with its heap (0x5555... and up to 1 TiB + 1 GiB of randomness above)
 * and the mmap area (down from 0x7fff...), where nothing is put unasked.
 *
 * The kernel itself loads the tool here: rules.mk gives the first segment an
 * alignment of 2^45, and 0x600000000000 is the only multiple of that in the
 * mmap area (Linux 6.10 and later honour a static PIE's p_align). */
#ifndef UEXEC_ZONE_H
#define UEXEC_ZONE_H

#define ZONE_START 0x600000000000ul
#define ZONE_IMAGE ZONE_START                  /* the tool's segments */
#define ZONE_CODE  (ZONE_START + 0x10000000ul) /* a page: the hand-over's code */
#define ZONE_ARENA (ZONE_CODE + 0x1000ul)      /* malloc's memory, the hand-over's data in it */
#define ZONE_VDSO  (ZONE_START + 0x38000000ul) /* the vDSO, while the program is mapped */
#define ZONE_END   (ZONE_START + 0x40000000ul)

#endif
