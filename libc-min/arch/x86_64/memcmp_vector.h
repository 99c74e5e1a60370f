/* memcmp() of at least one vector, for one kind: vector.h. */

/* One bit for each byte that differs. */
INLINE TARGET uint32_t V(differ)(const char *a, const char *b)
{
    return V(mask)(V(equal)(V(load_any)(a), V(load_any)(b))) ^ V(all);
}

/* The two ends of what is at most two vectors; the first decides if both differ. */
INLINE TARGET int V(compare_ends)(const char *a, const char *b, size_t size)
{
    uint32_t differ = V(differ)(a, b);

    if (differ)
        return difference_at(a, b, differ);
    a += size - V(size), b += size - V(size);
    differ = V(differ)(a, b);
    return differ ? difference_at(a, b, differ) : 0;
}

INLINE TARGET int V(compare)(const char *a, const char *b, size_t size)
{
    const char *end = a + size;
    uint32_t differ;

    if (size <= 2 * V(size))
        return V(compare_ends)(a, b, size);
    if (size > 8 * V(size)) {
        size_t skip = V(size) - (uintptr_t)a % V(size);

        if ((differ = V(differ)(a, b)) != 0)
            return difference_at(a, b, differ);
        for (a += skip, b += skip; (size_t)(end - a) > 4 * V(size);
             a += 4 * V(size), b += 4 * V(size)) {
            V(t) v = V(equal)(V(load)(a), V(load_any)(b));
            V(t) w = V(equal)(V(load)(a + V(size)), V(load_any)(b + V(size)));
            V(t) x = V(equal)(V(load)(a + 2 * V(size)), V(load_any)(b + 2 * V(size)));
            V(t) y = V(equal)(V(load)(a + 3 * V(size)), V(load_any)(b + 3 * V(size)));

            if (V(mask)(V(and)(V(and)(v, w), V(and)(x, y))) != V(all))
                break;
        }
    }
    /* A few more, or the difference is among the next four. */
    for (; (size_t)(end - a) > 2 * V(size); a += V(size), b += V(size))
        if ((differ = V(differ)(a, b)) != 0)
            return difference_at(a, b, differ);
    /* What is left may be less than a vector; then the first end is known to be equal. */
    if ((size_t)(end - a) < V(size)) {
        b -= V(size) - (size_t)(end - a);
        a = end - V(size);
    }
    return V(compare_ends)(a, b, (size_t)(end - a));
}
