/* qsort(): a merge sort. The merge sort needs memory of the array's size. For elements longer than
 * LONGEST, it sorts pointers, and moves the elements at the end. For a short array, memory on the
 * stack is enough. Without memory from malloc(), the array is sorted in place (sort_in_place.c).
 *
 * An array that is in order, or in the opposite order, is recognized in one pass without memory.
 * There are O(n log n) comparisons always. A contradictory comparison gives a meaningless order,
 * and touches nothing outside the array. A comparison that leaves by longjmp() leaks the memory,
 * and some elements of the array may be doubled and others lost. */
#include "sort.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK   16   /* elements of a run that is sorted by block_sort() */
#define LONGEST 32   /* bytes of an element that is moved itself */
#define STEPS   8    /* of a merge, before it looks for longer pieces */
#define ROOM    1024 /* bytes on the stack */
#define AHEAD   16   /* bytes: distance of the pointer whose element a merge prefetches */

#define APART static __attribute__((noinline))

typedef uint32_t __attribute__((aligned(1), may_alias)) four_bytes_t;
typedef uint64_t __attribute__((aligned(1), may_alias)) eight_bytes_t;
typedef long long __attribute__((vector_size(16), aligned(1), may_alias)) sixteen_bytes_t;

/* Copies a block as its two ends, which overlap unless the block has twice the size of the type. */
#define COPY_ENDS(type)                                                                            \
    do {                                                                                           \
        typedef type __attribute__((aligned(1), may_alias)) end_t;                                 \
        end_t first = *(const end_t *)from, last = *(const end_t *)(from + width - sizeof(end_t)); \
                                                                                                   \
        *(end_t *)to = first;                                                                      \
        *(end_t *)(to + width - sizeof(end_t)) = last;                                             \
    } while (0)

/* At most 32 bytes, of an unusual width. The branches are the same for every element of an array.
 */
APART void odd_copy(char *to, const char *from, size_t width)
{
    if (width >= 16)
        COPY_ENDS(sixteen_bytes_t);
    else if (width > 8)
        COPY_ENDS(uint64_t);
    else if (width > 4)
        COPY_ENDS(uint32_t);
    else if (width >= 2)
        COPY_ENDS(uint16_t);
    else
        *to = *from;
}

INLINE void element_copy(char *to, const char *from, size_t width)
{
    if (width == 4)
        *(four_bytes_t *)to = *(const four_bytes_t *)from;
    else if (width == 8)
        *(eight_bytes_t *)to = *(const eight_bytes_t *)from;
    else
        odd_copy(to, from, width);
}

/* `yes` or `no` without a branch: gcc may compile ?: as a branch. */
INLINE const char *choose(size_t condition, const char *yes, const char *no)
{
    uintptr_t mask = -(uintptr_t)condition;

    return (const char *)(((uintptr_t)yes & mask) | ((uintptr_t)no & ~mask));
}

#define WIDTH    4
#define INDIRECT 0
#define K(name)  name##_4
#include "sort_merge.h"
#undef WIDTH
#undef K

#define WIDTH   8
#define K(name) name##_8
#include "sort_merge.h"
#undef WIDTH
#undef K

#define WIDTH   order->width
#define K(name) name##_any
#include "sort_merge.h"
#undef WIDTH
#undef K
#undef INDIRECT

#define WIDTH    sizeof(char *)
#define INDIRECT 1
#define K(name)  name##_indirect
#include "sort_merge.h"

/* A lack of memory is no error of qsort(): errno stays. */
static void *memory_take(size_t bytes)
{
    int error = errno;
    void *memory = malloc(bytes);

    errno = error;
    return memory;
}

/* Elements that are moved themselves. */
#define SORT(kind)                                                                                 \
    static void sort_##kind(char *base, size_t count, const struct order *order)                   \
    {                                                                                              \
        char room[ROOM] __attribute__((aligned(16))), *more = room;                                \
        size_t first = run_make_##kind(base, count, order);                                        \
                                                                                                   \
        if (first == count)                                                                        \
            return;                                                                                \
        if (count * order->width > sizeof room && !(more = memory_take(count * order->width))) {   \
            __sort_in_place(base, count, order);                                                   \
            return;                                                                                \
        }                                                                                          \
        merge_runs_##kind(base, count, first, more, order);                                        \
        if (more != room)                                                                          \
            free(more);                                                                            \
    }

SORT(4)
SORT(8)
SORT(any)

/* Divides a multiple of `width` by it: a shift until the width is odd, then a multiplication by the
 * inverse modulo 2^64. That takes a fifth of the time of a division. */
struct divisor {
    int shift;
    uint64_t inverse;
};

static struct divisor divisor_make(size_t width)
{
    struct divisor divisor = {__builtin_ctzll(width), 1};
    uint64_t odd = width >> divisor.shift;

    /* Newton's iteration doubles the number of right bits, which is 1 at first. */
    for (int i = 0; i < 6; i++)
        divisor.inverse *= 2 - odd * divisor.inverse;
    return divisor;
}

/* Moves each element to the place of its pointer; `held` has room for one element. Each cycle of
 * the permutation is followed once, backwards. */
static void permute(char *base, char **pointers, size_t count, size_t width, char *held)
{
    struct divisor divisor = divisor_make(width);

    for (size_t i = 0; i < count; i++) {
        char *hole = base + i * width, *from = pointers[i];

        if (from == hole)
            continue;
        memcpy(held, hole, width);
        pointers[i] = hole;
        while (from != base + i * width) {
            size_t next = ((size_t)(from - base) >> divisor.shift) * divisor.inverse;

            memcpy(hole, from, width);
            hole = from;
            from = pointers[next];
            pointers[next] = hole;
        }
        memcpy(hole, held, width);
    }
}

static void sort_indirect(char *base, size_t count, const struct order *order)
{
    char room[ROOM] __attribute__((aligned(16))), *more = room, **pointers;
    size_t width = order->width, pointer_bytes = count * sizeof(char *), bytes, first;

    if (__builtin_add_overflow(2 * pointer_bytes, width, &bytes)) {
        __sort_in_place(base, count, order);
        return;
    }
    if (bytes > sizeof room && !(more = memory_take(bytes))) {
        __sort_in_place(base, count, order);
        return;
    }
    /* The pointers, room for merging, one element: after each, AHEAD bytes may be read. */
    pointers = (char **)(void *)more;
    for (size_t i = 0; i < count; i++)
        pointers[i] = base + i * width;
    first = run_make_indirect(more, count, order);
    if (first < count)
        merge_runs_indirect(more, count, first, more + pointer_bytes, order);
    permute(base, pointers, count, width, more + 2 * pointer_bytes);
    if (more != room)
        free(more);
}

/* Nonzero if the array is in order. The check comes before memory is taken for pointers. */
static int in_order(const char *base, size_t count, const struct order *order)
{
    size_t width = order->width;

    for (size_t i = 1; i < count; i++, base += width)
        if (order->compare(base, base + width, order->argument) > 0)
            return 0;
    return 1;
}

HIDDEN void __qsort_r(void *base, size_t count, size_t width, compare_t function, void *argument);

void __qsort_r(void *base, size_t count, size_t width, compare_t function, void *argument)
{
    struct order order = {function, argument, width};

    if (count < 2 || !width)
        return;
    if (width == 4)
        sort_4(base, count, &order);
    else if (width == 8)
        sort_8(base, count, &order);
    else if (width <= LONGEST)
        sort_any(base, count, &order);
    else if (!in_order(base, count, &order))
        sort_indirect(base, count, &order);
}

/* A function of two arguments is called with three: its own are in the first two registers (psABI
 * 3.2.3). That saves every comparison a call. */
void qsort(void *base, size_t count, size_t width, int (*function)(const void *, const void *))
{
    __qsort_r(base, count, width, (compare_t)(void (*)(void))function, NULL);
}

WEAK_ALIAS(__qsort_r, qsort_r);
