/* The sort of qsort() without memory: quicksort with the median of three or nine as pivot,
 * insertion sort for short parts, heapsort after bad pivots (Musser, Introspective Sorting and
 * Selection Algorithms, Software: Practice and Experience 27(8), 1997). O(n log n) comparisons,
 * O(log n) stack.
 *
 * The case is rare, so that one copy of the code serves every width. A contradictory comparison
 * gives a meaningless order, and touches nothing outside the array. */
#include "sort.h"
#include <stdint.h>
#include <string.h>

#define SHORT 12  /* elements for which insertion sort is best */
#define LONG  64  /* elements from which the median of nine is a better pivot than that of three */
#define HELD  128 /* bytes of an element that insertion sort holds outside the array */

INLINE int compare(const struct order *order, const char *one, const char *other)
{
    return order->compare(one, other, order->argument);
}

static void swap(char *one, char *other, size_t width)
{
    uint64_t a, b;

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

static void insertion_sort(char *base, size_t count, size_t width, const struct order *order)
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

static void heap_sort(char *base, size_t count, size_t width, const struct order *order)
{
    for (size_t root = count / 2; root-- > 0;)
        heap_sink(base, root, count, width, order);
    while (count-- > 1) {
        swap(base, base + count * width, width);
        heap_sink(base, 0, count, width, order);
    }
}

static char *median(char *one, char *two, char *three, const struct order *order)
{
    if (compare(order, one, two) < 0)
        return compare(order, two, three) < 0 ? two : compare(order, one, three) < 0 ? three : one;
    return compare(order, two, three) > 0 ? two : compare(order, one, three) < 0 ? one : three;
}

static char *pivot_choose(char *base, size_t count, size_t width, const struct order *order)
{
    char *middle = base + count / 2 * width, *last = base + (count - 1) * width;
    size_t step = count / 8 * width;

    if (count < LONG)
        return median(base, middle, last, order);
    return median(median(base, base + step, base + 2 * step, order),
                  median(middle - step, middle, middle + step, order),
                  median(last - 2 * step, last - step, last, order), order);
}

/* All elements before the result are no greater than it, all after it no less. Elements equal to
 * the pivot stop both sides, so that many of them divide evenly (Sedgewick). */
static char *partition(char *base, size_t count, size_t width, const struct order *order)
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

void __sort_in_place(char *base, size_t count, const struct order *order)
{
    size_t width = order->width;
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
