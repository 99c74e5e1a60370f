/* Merge sort for one kind of element. qsort.c includes the file once for each kind, with
 *
 *     K(name)     the name with the kind's suffix
 *     WIDTH       bytes of an element: a constant, or `order->width`
 *     INDIRECT    1 if an element is a pointer to the compared object
 *
 * The result of a comparison selects an address. The code does not branch on it where it cannot be
 * predicted: on random data half the predictions would be wrong, and cost more than the comparison.
 *
 * Equal elements keep their order. Even a contradictory comparison loses no element: each step
 * moves one element from one of two places, and the numbers of steps depend on counts alone. */

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

/* Copies four elements in order from `from` to `to`, which do not overlap: five comparisons, three
 * deep. Two pairs are ordered. The lesser of their first elements comes first, the greater of their
 * last elements last. A fifth comparison orders the two that are left; it changes nothing if they
 * are one of the pairs. */
APART void K(sort_four)(char *to, const char *from, const struct order *order)
{
    size_t width = WIDTH;
    const char *a = from, *b = from + width, *c = from + 2 * width, *d = from + 3 * width;
    size_t swap_ab = K(is_after)(a, b, order), swap_cd = K(is_after)(c, d, order);
    const char *low_ab = choose(swap_ab, b, a), *high_ab = choose(swap_ab, a, b);
    const char *low_cd = choose(swap_cd, d, c), *high_cd = choose(swap_cd, c, d);
    size_t cd_first = K(is_after)(low_ab, low_cd, order);
    size_t ab_last = K(is_after)(high_ab, high_cd, order);
    /* The two that are left; `left` was before `right` in the array, or is ordered before it. */
    const char *left = choose(cd_first, low_ab, choose(ab_last, low_cd, high_ab));
    const char *right = choose(ab_last, high_cd, choose(cd_first, high_ab, low_cd));
    size_t swap = K(is_after)(left, right, order);

    element_copy(to, choose(cd_first, low_cd, low_ab), width);
    element_copy(to + width, choose(swap, right, left), width);
    element_copy(to + 2 * width, choose(swap, left, right), width);
    element_copy(to + 3 * width, choose(ab_last, high_ab, high_cd), width);
}

/* Merges two adjacent runs of `half` elements into `to`, which does not overlap. It works from both
 * ends at once: neither end can run out before it has done its half, and the processor works on
 * both at the same time. If the ends do not meet in the same place, the comparison contradicts
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

/* Inserts the element at `at` into the elements from `base` on, which are in order. */
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

/* Sorts at most BLOCK elements. */
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

/* The number of the `count` elements in order that come before `key`: those less than it, and, with
 * `equal_too`, those equal to it. The search begins near the start. */
APART size_t K(gallop)(const char *run, size_t count, const char *key, int equal_too,
                       const struct order *order)
{
    size_t known = 0, step = 1, beyond = count;

    /* The first `known` come before `key`, the one at `beyond` does not. */
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

/* Merges two adjacent runs. `room` holds the first meanwhile. */
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

            /* The elements are in no order in memory. Past the end of a run, the pointer may be
             * invalid. */
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
        /* All steps took from one side: many more may follow. */
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

/* Makes a run at `base`, and returns its length. A run is a long sequence that is in order, or in
 * the opposite order without equal elements; else at most BLOCK elements, which are sorted. */
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

/* Merges runs as they are found, short ones with short ones (Munro and Wild, Nearly-Optimal
 * Mergesorts: Fast, Practical Sorting Methods That Optimally Adapt to Existing Runs, ESA 2018).
 * Between two neighbours there is a node of a binary tree over the array. Its depth is the first
 * binary digit in which the places of the two middles differ. The deepest nodes are merged first.
 * `room` has space for all elements but one. */
static void K(merge_runs)(char *base, size_t count, size_t first, char *room,
                          const struct order *order)
{
    /* the runs to the left of the last one, deeper and deeper, above an empty one */
    struct {
        size_t start, count;
        int depth; /* of the node between the run and the next */
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
