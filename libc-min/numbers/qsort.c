/* qsort(): quicksort with a pivot of three or nine, insertion sort for what is short, heapsort
 * where the pivots turn out badly (Musser, Introspective Sorting and Selection Algorithms,
 * Software: Practice and Experience 27(8), 1997). O(n log n) comparisons, O(log n) stack, no
 * memory. What is in order already, or in the opposite order, is found to be so in one pass.
 *
 * The functions are inlined into three sorts, where the width is 4, 8 or any number of bytes. A
 * comparison that contradicts itself gives an order without meaning, and touches nothing outside.
 */
#include "alias.h"
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

#define SHORT 12  /* elements that insertion sort does best */
#define LONG  64  /* elements from which nine make a better pivot than three */
#define HELD  128 /* bytes of an element that insertion sort takes out of the array */

typedef int (*compare_t)(const void *, const void *, void *);

struct order {
    compare_t compare;
    void *argument;
};

INLINE int compare(const struct order *order, const char *one, const char *other)
{
    return order->compare(one, other, order->argument);
}

INLINE void swap(char *one, char *other, size_t width)
{
    uint64_t a, b;

    if (width == 4) {
        uint32_t c, d;

        memcpy(&c, one, 4), memcpy(&d, other, 4);
        memcpy(one, &d, 4), memcpy(other, &c, 4);
        return;
    }
    for (; width >= 8; width -= 8, one += 8, other += 8) {
        memcpy(&a, one, 8), memcpy(&b, other, 8);
        memcpy(one, &b, 8), memcpy(other, &a, 8);
    }
    for (; width; width--, one++, other++) {
        char c = *one;

        *one = *other;
        *other = c;
    }
}

INLINE void insertion_sort(char *base, size_t count, size_t width, const struct order *order)
{
    char held[HELD], *end = base + count * width, *hole;

    for (char *next = base + width; next < end; next += width) {
        if (compare(order, next - width, next) <= 0)
            continue;
        if (width > sizeof held) {
            for (hole = next; hole > base && compare(order, hole - width, hole) > 0; hole -= width)
                swap(hole - width, hole, width);
            continue;
        }
        memcpy(held, next, width);
        hole = next;
        do {
            memcpy(hole, hole - width, width);
            hole -= width;
        } while (hole > base && compare(order, hole - width, held) > 0);
        memcpy(hole, held, width);
    }
}

static void heap_sink(char *base, size_t root, size_t count, size_t width,
                      const struct order *order)
{
    size_t child;

    for (; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count &&
            compare(order, base + child * width, base + (child + 1) * width) < 0)
            child++;
        if (compare(order, base + root * width, base + child * width) >= 0)
            return;
        swap(base + root * width, base + child * width, width);
    }
}

/* Rare: one copy for every width. */
static __attribute__((noinline)) void heap_sort(char *base, size_t count, size_t width,
                                                const struct order *order)
{
    for (size_t root = count / 2; root-- > 0;)
        heap_sink(base, root, count, width, order);
    while (count-- > 1) {
        swap(base, base + count * width, width);
        heap_sink(base, 0, count, width, order);
    }
}

INLINE char *median(char *one, char *two, char *three, const struct order *order)
{
    if (compare(order, one, two) < 0)
        return compare(order, two, three) < 0 ? two : compare(order, one, three) < 0 ? three : one;
    return compare(order, two, three) > 0 ? two : compare(order, one, three) < 0 ? one : three;
}

INLINE char *pivot_choose(char *base, size_t count, size_t width, const struct order *order)
{
    char *middle = base + count / 2 * width, *last = base + (count - 1) * width;
    size_t step = count / 8 * width;

    if (count < LONG)
        return median(base, middle, last, order);
    return median(median(base, base + step, base + 2 * step, order),
                  median(middle - step, middle, middle + step, order),
                  median(last - 2 * step, last - step, last, order), order);
}

/* Everything before the answer is no more than it, everything behind no less. Elements equal to the
 * pivot stop both sides, so that many of them divide evenly (Sedgewick). */
INLINE char *partition(char *base, size_t count, size_t width, const struct order *order)
{
    char *low = base, *high = base + count * width;

    swap(base, pivot_choose(base, count, width, order), width);
    for (;;) {
        do
            low += width;
        while (low < high && compare(order, low, base) < 0);
        do
            high -= width;
        while (high > low && compare(order, high, base) > 0);
        if (low >= high)
            break;
        swap(low, high, width);
    }
    low -= width;
    swap(base, low, width);
    return low;
}

INLINE void sort(char *base, size_t count, size_t width, const struct order *order)
{
    /* the larger part is done in the loop: at most one entry for every halving */
    struct {
        char *base;
        size_t count;
        int depth;
    } later[64];
    int waiting = 0, depth = 2 * (64 - __builtin_clzll(count | 1));

    for (;;) {
        char *pivot;
        size_t before, behind;

        if (count <= SHORT) {
            insertion_sort(base, count, width, order);
        } else if (!depth) {
            heap_sort(base, count, width, order);
        } else {
            depth--;
            pivot = partition(base, count, width, order);
            before = (size_t)(pivot - base) / width;
            behind = count - before - 1;
            later[waiting].depth = depth;
            if (before > behind) {
                later[waiting].base = base;
                later[waiting++].count = before;
                base = pivot + width;
                count = behind;
            } else {
                later[waiting].base = pivot + width;
                later[waiting++].count = behind;
                count = before;
            }
            continue;
        }
        if (!waiting)
            return;
        waiting--;
        base = later[waiting].base;
        count = later[waiting].count;
        depth = later[waiting].depth;
    }
}

/* Nonzero if the array is in order now, because it was, or was in the opposite one. */
static int order_given(char *base, size_t count, size_t width, const struct order *order)
{
    size_t i = 1;
    char *low = base, *high = base + (count - 1) * width;

    while (i < count && compare(order, base + (i - 1) * width, base + i * width) <= 0)
        i++;
    if (i == count || i > 1)
        return i == count;
    while (i < count && compare(order, base + (i - 1) * width, base + i * width) >= 0)
        i++;
    if (i < count)
        return 0;
    for (; low < high; low += width, high -= width)
        swap(low, high, width);
    return 1;
}

static __attribute__((noinline)) void sort_words(char *base, size_t count,
                                                 const struct order *order)
{
    sort(base, count, 4, order);
}

static __attribute__((noinline)) void sort_pointers(char *base, size_t count,
                                                    const struct order *order)
{
    sort(base, count, 8, order);
}

static __attribute__((noinline)) void sort_any(char *base, size_t count, size_t width,
                                               const struct order *order)
{
    sort(base, count, width, order);
}

HIDDEN void __qsort_r(void *base, size_t count, size_t width, compare_t function, void *argument);

void __qsort_r(void *base, size_t count, size_t width, compare_t function, void *argument)
{
    struct order order = {function, argument};

    if (count < 2 || !width || order_given(base, count, width, &order))
        return;
    if (width == 4)
        sort_words(base, count, &order);
    else if (width == 8)
        sort_pointers(base, count, &order);
    else
        sort_any(base, count, width, &order);
}

/* A function of two arguments is called with three: it finds its own in the first two registers
 * (psABI 3.2.3), and spares every comparison a call. */
void qsort(void *base, size_t count, size_t width, int (*function)(const void *, const void *))
{
    __qsort_r(base, count, width, (compare_t)(void (*)(void))function, NULL);
}

WEAK_ALIAS(__qsort_r, qsort_r);
