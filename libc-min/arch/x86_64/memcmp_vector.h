/* memcmp() of at least one vector, for one kind: vector.h. */

/* One bit for each byte that differs. */
INLINE TARGET uint32_t V(differ)(const char *a, const char *b)
{
    return V(mask)(V(equal)(V(load_any)(a), V(load_any)(b))) ^ V(all);
}

/* Compares the two ends of at most two vectors; if both differ, the first end decides. */
INLINE TARGET int V(compare_ends)(const char *a, const char *b, size_t size)
{
    uint32_t differ = V(differ)(a, b);

    if (differ)
        return difference_at(a, b, differ);
    a += size - V(size), b += size - V(size);
    differ = V(differ)(a, b);
    return differ ? difference_at(a, b, differ) : 0;
}

/* Compares two vectors, and two more from `second` on. */
INLINE TARGET int V(compare_4)(const char *a, const char *b, size_t second)
{
    vector_t v = V(equal)(V(load_any)(a), V(load_any)(b));
    vector_t w = V(equal)(V(load_any)(a + V(size)), V(load_any)(b + V(size)));
    vector_t x = V(equal)(V(load_any)(a + second), V(load_any)(b + second));
    vector_t y = V(equal)(V(load_any)(a + second + V(size)), V(load_any)(b + second + V(size)));
    uint32_t differ;

    if (LIKELY(V(mask)(V(and)(V(and)(v, w), V(and)(x, y))) == V(all)))
        return 0;
    if ((differ = V(mask)(v) ^ V(all)) != 0)
        return difference_at(a, b, differ);
    if ((differ = V(mask)(w) ^ V(all)) != 0)
        return difference_at(a + V(size), b + V(size), differ);
    a += second, b += second;
    if ((differ = V(mask)(x) ^ V(all)) != 0)
        return difference_at(a, b, differ);
    return difference_at(a + V(size), b + V(size), V(mask)(y) ^ V(all));
}

/* Compares at least one vector. The last vectors overlap bytes that are known to be equal. */
INLINE TARGET int V(compare)(const char *a, const char *b, size_t size)
{
    const char *a_end = a + size - 4 * V(size), *b_end = b + size - 4 * V(size);
    size_t skip;
    int difference;

    if (size <= 2 * V(size))
        return V(compare_ends)(a, b, size);
    if (size <= 4 * V(size))
        return V(compare_4)(a, b, size - 2 * V(size));
    difference = V(compare_4)(a, b, 2 * V(size));
    if (difference)
        return difference;
    /* From the place where `a` is aligned. */
    skip = 4 * V(size) - (uintptr_t)a % V(size);
    for (a += skip, b += skip; a < a_end; a += 4 * V(size), b += 4 * V(size)) {
        difference = V(compare_4)(a, b, 2 * V(size));
        if (difference)
            return difference;
    }
    return V(compare_4)(a_end, b_end, 2 * V(size));
}
