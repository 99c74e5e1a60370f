/* <malloc.h> of libc-min: musl's, and the rest of malloc(3)'s family. Names, numbers and structures
 * are those of mallopt(3), mallinfo(3), malloc_info(3), malloc_stats(3) and malloc_trim(3). */
#ifndef UCC_MALLOC_H
#define UCC_MALLOC_H

#include_next <malloc.h>

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Parameters of mallopt(). */
#define M_TRIM_THRESHOLD                                                                           \
    (-1) /* the heap's top beyond this goes back to the kernel, bytes; -1: never */
#define M_TOP_PAD        (-2) /* the heap grows by so much more than is needed, bytes */
#define M_MMAP_THRESHOLD (-3) /* requests of so many bytes and more get a mapping */
#define M_MMAP_MAX       (-4) /* 0: no request gets a mapping */
#define M_PERTURB                                                                                  \
    (-6) /* not 0: freed memory is filled with this byte, new memory with its complement */
#define M_HARDEN                                                                                   \
    (-1000) /* libc-min's own: a sum of M_HARDEN_*; best before the first allocation               \
             */

#define M_HARDEN_POISON     1 /* freed memory is filled, and compared when it is handed out again */
#define M_HARDEN_ZERO       2 /* freed memory is cleared */
#define M_HARDEN_QUARANTINE 4 /* freed memory is handed out again late */
#define M_HARDEN_RANDOM     8 /* which free block is handed out is random */
#define M_HARDEN_GUARD      16 /* each block ends where a page begins that nobody may access */

/* 1; 0: an unknown parameter, or a wrong value. */
int mallopt(int parameter, int value);

/* Gives back what is free, but `pad` bytes of the heap's top. 1 if there was something. */
int malloc_trim(size_t pad);

/* Whole pages. */
void *pvalloc(size_t size);

/* ISO C23 */
void free_sized(void *memory, size_t size);
void free_aligned_sized(void *memory, size_t align, size_t size);

/* All in bytes, but for the numbers of things. */
struct mallinfo2 {
    size_t arena;    /* of the heap */
    size_t ordblks;  /* number of free chunks in it */
    size_t smblks;   /* number of freed chunks that threads keep */
    size_t hblks;    /* number of mappings */
    size_t hblkhd;   /* in mappings */
    size_t usmblks;  /* 0 */
    size_t fsmblks;  /* in freed chunks that threads keep */
    size_t uordblks; /* that the program has */
    size_t fordblks; /* that are free */
    size_t keepcost; /* of the heap's top */
};
struct mallinfo {
    int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
struct mallinfo2 mallinfo2(void);
struct mallinfo mallinfo(void); /* wraps at 2 GiB */

/* For people, on standard error. */
void malloc_stats(void);

/* XML; `options` is 0. 0, or an error number. */
int malloc_info(int options, FILE *stream);

#ifdef __cplusplus
}
#endif

#endif
