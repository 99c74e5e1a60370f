/* Where Linux puts things on x86-64, and how randomly. */
#ifndef LOADER_ADDRESS_SPACE_H
#define LOADER_ADDRESS_SPACE_H

#include "machine.h"

/* The kernel's random offset of a stack's end from ARCH_TASK_SIZE, at the most: 2^22 pages
 * (STACK_RND_MASK), and two for what it takes off inside of a page (arch_align_stack). The mmap
 * area is further down. */
#define ARCH_STACK_RANDOM_RANGE 0x400002000ul

/* Where the kernel puts a PIE that names an interpreter: two thirds up (ELF_ET_DYN_BASE);
 * page-rounded down for the image, up for a moved break. */
#define ARCH_PIE_BASE (ARCH_TASK_SIZE / 3 * 2)

/* Bits of randomness, in pages: of mmap's base and a PIE's (vm.mmap_rnd_bits' default, and the most
 * it can be). */
#define ARCH_MMAP_RANDOM_BITS     28
#define ARCH_MMAP_RANDOM_BITS_MAX 32

/* The ranges of the break's and of the stack's fill, bytes. */
#define ARCH_BRK_RANDOM_RANGE 0x40000000ul
#define ARCH_STACK_FILL_RANGE 8192ul

#endif
