/* Merge sort for one kind of element: included by qsort.c once for each, with
 *
 *     K(name)     the name with the kind's suffix
 *     WIDTH       bytes of an element: a constant, or `order->width`
 *     INDIRECT    1 if an element is a pointer to what is compared
 *
 * The outcome of a comparison selects an address and is never branched on where it cannot be
 * predicted: on random data half the branches would be wrong, and cost more than the comparison.
 *
 * Equal elements keep their order. Whatever a comparison answers, the elements stay the same: each
 * step moves one element from one of two places, and the numbers of steps come from counts alone.
 */

INLINE int K(element_compare)(const char *one, const char *other, const struct order *order)
{
    if (INDIRECT)
        return order->compare(*(const char *const *)one, *(const char *const *)other,
                              order->argument);
    return order->compare(one, other, order->argument);
}

/* 1 if the second has to come first. */
INLINE size_t K(is_after)(const char *one, const char *other, const struct order *order)
{
    return K(element_compare)(one, other, order) > 0;
}

/* Four elements in order from `from` to `to`, which are apart: five comparisons, three deep. Two
 * pairs are ordered; the lesser of their first ones comes first, the greater of their last ones
 * last; of the two that are left, the order is open unless they are a pair. */
APART void K(sort_four)(char *to, const char *from, const struct order *order)
{
    size_t width = WIDTH;
    const char *a = from, *b = from + width, *c = from + 2 * width, *d = from + 3 * width;
    size_t swap_ab = K(is_after)(a, b, order), swap_cd = K(is_after)(c, d, order);
    const char *low_ab = choose(swap_ab, b, a), *high_ab = choose(swap_ab, a, b);
    const char *low_cd = choose(swap_cd, d, c), *high_cd = choose(swap_cd, c, d);
    size_t cd_first = K(is_after)(low_ab, low_cd, order);
    size_t ab_last = K(is_after)(high_ab, high_cd, order);
    /* What is neither first nor last; `left` stood before `right`, or is ordered before it. */
    const char *left = choose(cd_first, low_ab, choose(ab_last, low_cd, high_ab));
    const char *right = choose(ab_last, high_cd, choose(cd_first, high_ab, low_cd));
    size_t swap = K(is_after)(left, right, order);

    element_copy(to, choose(cd_first, low_cd, low_ab), width);
    element_copy(to + width, choose(swap, right, left), width);
    element_copy(to + 2 * width, choose(swap, left, right), width);
    element_copy(to + 3 * width, choose(ab_last, high_ab, high_cd), width);
}

/* Two runs of `half` elements, one behind the other, into one at `to`, which is apart. From both
 * ends at once: neither end can run out before it has done its half, and the processor works on the
 * two at the same time. If the ends do not meet in the same place the comparison contradicts
 * itself. */
APART void K(merge_both_ends)(char *to, const char *from, size_t half, const struct order *order)
{
    size_t width = WIDTH;
    const char *low = from, *high = from + half * width;
    const char *low_end = high - width, *high_end = high + (half - 1) * width;
    char *first = to, *last = to + (2 * half - 1) * width;

    for (size_t i = 0; i < half; i++) {
        size_t take_high = K(is_after)(low, high, order);
        size_t take_low_end = K(is_after)(low_end, high_end, order);

        element_copy(first, choose(take_high, high, low), width);
        element_copy(last, choose(take_low_end, low_end, high_end), width);
        first += width;
        last -= width;
        low += width & (take_high - 1);
        high += width & -take_high;
        low_end -= width & -take_low_end;
        high_end -= width & (take_low_end - 1);
    }
    if (UNLIKELY(low != low_end + width || high != high_end + width))
        memcpy(to, from, 2 * half * width);
}

/* The element at `at` into its place among those from `base` on, which are in order. */
APART void K(insert)(char *base, char *at, const struct order *order)
{
    char held[LONGEST] __attribute__((aligned(16)));
    size_t width = WIDTH;

    if (!K(is_after)(at - width, at, order))
        return;
    element_copy(held, at, width);
    do {
        element_copy(at, at - width, width);
        at -= width;
    } while (at > base && K(is_after)(at - width, held, order));
    element_copy(at, held, width);
}

/* At most BLOCK elements, in no order. */
APART void K(block_sort)(char *base, size_t count, const struct order *order)
{
    char work[BLOCK * LONGEST] __attribute__((aligned(16)));
    size_t width = WIDTH, done = 1;

    if (count == BLOCK) {
        char *half = base + 8 * width, *work_half = work + 8 * width;

        K(sort_four)(work, base, order);
        K(sort_four)(work + 4 * width, base + 4 * width, order);
        K(merge_both_ends)(base, work, 4, order);
        K(sort_four)(work, half, order);
        K(sort_four)(work + 4 * width, half + 4 * width, order);
        K(merge_both_ends)(work_half, work, 4, order);
        memcpy(work, base, 8 * width);
        K(merge_both_ends)(base, work, 8, order);
        return;
    }
    if (count >= 8) {
        K(sort_four)(work, base, order);
        K(sort_four)(work + 4 * width, base + 4 * width, order);
        K(merge_both_ends)(base, work, 4, order);
        done = 8;
    } else if (count >= 4) {
        K(sort_four)(work, base, order);
        memcpy(base, work, 4 * width);
        done = 4;
    }
    for (; done < count; done++)
        K(insert)(base, base + done * width, order);
}

/* How many of `count` elements in order come before `key`: those less than it, or, with
 * `equal_too`, those equal as well. Looks near the beginning first. */
APART size_t K(gallop)(const char *run, size_t count, const char *key, int equal_too,
                       const struct order *order)
{
    size_t known = 0, step = 1, beyond = count;

    /* The first `known` come before, that at `beyond` does not. */
    while (known < beyond) {
        size_t probe = known + step - 1;
        const char *element;

        if (probe >= beyond)
            probe = known + (beyond - known) / 2;
        element = run + probe * WIDTH;
        if (equal_too ? !K(is_after)(element, key, order) : K(is_after)(key, element, order))
            known = probe + 1;
        else
            beyond = probe;
        step *= 2;
        if (beyond < count)
            step = (beyond - known) / 2 + 1;
    }
    return known;
}

/* Two runs, of which the second follows the first, into one. `room` holds the first meanwhile. */
APART void K(merge)(char *base, size_t count, size_t right_count, char *room,
                    const struct order *order)
{
    size_t width = WIDTH, left_count = count, steps;
    const char *left = room, *right = base + count * width;
    char *out = base;

    if (!K(is_after)(right - width, right, order))
        return;
    memcpy(room, base, count * width);
    while ((steps = left_count < right_count ? left_count : right_count) != 0) {
        size_t from_right = 0, from_left;

        if (steps > STEPS)
            steps = STEPS;
        for (size_t i = 0; i < steps; i++) {
            size_t take;

            /* Sorted, the elements are anywhere in memory. The pointer may be none any more. */
            if (INDIRECT) {
                __builtin_prefetch(*(const char *const *)(left + AHEAD));
                __builtin_prefetch(*(const char *const *)(right + AHEAD));
            }
            take = K(is_after)(left, right, order);
            element_copy(out, choose(take, right, left), width);
            out += width;
            from_right += take;
            right += width & -take;
            left += width & (take - 1);
        }
        from_left = steps - from_right;
        left_count -= from_left;
        right_count -= from_right;
        if (steps < STEPS || left_count == 0 || right_count == 0)
            continue;
        /* All from one side: perhaps many more. */
        if (from_right == 0) {
            steps = K(gallop)(left, left_count, right, 1, order);
            memcpy(out, left, steps * width);
            left += steps * width;
            left_count -= steps;
        } else if (from_left == 0) {
            steps = K(gallop)(right, right_count, left, 0, order);
            memmove(out, right, steps * width);
            right += steps * width;
            right_count -= steps;
        } else {
            continue;
        }
        out += steps * width;
    }
    memcpy(out, left, left_count * width);
}

APART void K(reverse)(char *base, size_t count, const struct order *order)
{
    char held[LONGEST] __attribute__((aligned(16)));
    size_t width = WIDTH;
    char *low = base, *high = base + (count - 1) * width;

    (void)order;
    for (; low < high; low += width, high -= width) {
        element_copy(held, low, width);
        element_copy(low, high, width);
        element_copy(high, held, width);
    }
}

/* The length of the run that begins there, in order afterwards: what is in order, or in the
 * opposite one without equal elements, if that is long; else what is made so by force, at most
 * BLOCK. */
APART size_t K(run_make)(char *base, size_t count, const struct order *order)
{
    size_t length = 1, width = WIDTH;
    size_t down;

    if (count == 1)
        return 1;
    down = K(is_after)(base, base + width, order);
    do
        length++;
    while (length < count &&
           K(is_after)(base + (length - 1) * width, base + length * width, order) == down);
    if (length < BLOCK && length < count) {
        length = count < BLOCK ? count : BLOCK;
        K(block_sort)(base, length, order);
    } else if (down) {
        K(reverse)(base, length, order);
    }
    return length;
}

/* Merges runs as they come, so that short ones meet short ones (Munro and Wild, Nearly-Optimal
 * Mergesorts: Fast, Practical Sorting Methods That Optimally Adapt to Existing Runs, ESA 2018):
 * between two neighbours there is a node of a binary tree over the array, as deep as the first
 * binary digit in which the places of their middles differ. The deepest nodes are merged first.
 * `room` has space for all elements but one. */
static void K(merge_runs)(char *base, size_t count, size_t first, char *room,
                          const struct order *order)
{
    /* below a first one that is none, the runs to the left of the last one, deeper and deeper */
    struct {
        size_t start, count;
        int depth; /* of the node between it and the next */
    } runs[66];
    size_t start = 0, length = first;
    uint64_t scale = (UINT64_C(1) << 62) / count;
    int waiting = 0;

    runs[0].start = runs[0].count = 0;
    runs[0].depth = -1;
    for (;;) {
        size_t next = start + length, next_length = 0;
        int depth = 0;

        if (next < count) {
            uint64_t here = (2 * start + length) * scale;
            uint64_t there;

            next_length = K(run_make)(base + next * WIDTH, count - next, order);
            there = (2 * next + next_length) * scale;
            depth = __builtin_clzll(here ^ there);
        }
        while (runs[waiting].depth >= depth) {
            K(merge)(base + runs[waiting].start * WIDTH, runs[waiting].count, length, room, order);
            start = runs[waiting].start;
            length += runs[waiting].count;
            waiting--;
        }
        if (next == count)
            return;
        waiting++;
        runs[waiting].start = start;
        runs[waiting].count = length;
        runs[waiting].depth = depth;
        start = next;
        length = next_length;
    }
}
