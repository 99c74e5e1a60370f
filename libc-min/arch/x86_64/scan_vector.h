/* The loop of memchr(), strlen(), strchr() and similar functions, for one kind of vector: vector.h.
 */

/* Zero at a terminator, and at the wanted byte if that ends the search too. */
INLINE TARGET vector_t V(scan_zeros)(vector_t v, enum scan kind, vector_t wanted)
{
    return kind == SCAN_BYTE_OR_END ? V(min)(v, V(xor)(v, wanted)) : v;
}

/* 0xff where the byte is of the kind. */
INLINE TARGET vector_t V(scan_hits)(vector_t v, enum scan kind, vector_t wanted)
{
    if (kind == SCAN_BYTE)
        return V(equal)(v, wanted);
    return V(equal)(V(scan_zeros)(v, kind, wanted), V(fill)(0));
}

/* The first byte of the kind from `start` on. If it is not among the first `size` bytes, the result
 * is `start + size` or more, or NULL. Without `bounded`, such a byte exists, and `size` has no
 * meaning. */
INLINE TARGET const char *V(scan)(const char *start, size_t size, int bounded, enum scan kind,
                                  int byte)
{
    vector_t wanted = V(fill)(byte), a, b, c, d;
    uint32_t hits;
    const char *at = align_down(start, V(size)), *end = NULL;
    size_t seen = V(size);

    if (LIKELY((uintptr_t)start % PAGE <= PAGE - V(size))) {
        hits = V(mask)(V(scan_hits)(V(load_any)(start), kind, wanted));
    } else {
        hits = V(mask)(V(scan_hits)(V(load)(at), kind, wanted)) >> (uintptr_t)start % V(size);
        seen -= (uintptr_t)start % V(size);
    }
    if (hits)
        return start + __builtin_ctz(hits);
    if (bounded) {
        if (size <= seen)
            return NULL;
        end = scan_limit(start, size);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        at += V(size);
        if (bounded && at >= end)
            return NULL;
        hits = V(mask)(V(scan_hits)(V(load)(at), kind, wanted));
        if (hits)
            return at + __builtin_ctz(hits);
    }
    at += V(size);

    /* Four at a time, which share a page; some may be read twice. */
    for (at = align_down(at, 4 * V(size));; at += 4 * V(size)) {
        if (bounded && at >= end)
            return NULL;
        a = V(load)(at);
        b = V(load)(at + V(size));
        c = V(load)(at + 2 * V(size));
        d = V(load)(at + 3 * V(size));
        if (kind == SCAN_BYTE) {
            vector_t equal = V(or)(V(or)(V(equal)(a, wanted), V(equal)(b, wanted)),
                                   V(or)(V(equal)(c, wanted), V(equal)(d, wanted)));

            if (V(mask)(equal))
                break;
        } else {
            vector_t least = V(min)(V(min)(a, b), V(min)(c, d));
            vector_t found = V(equal)(least, V(fill)(0));

            if (kind == SCAN_BYTE_OR_END)
                found = V(or)(V(or)(V(or)(V(equal)(a, wanted), V(equal)(b, wanted)),
                                    V(or)(V(equal)(c, wanted), V(equal)(d, wanted))),
                              found);
            if (V(mask)(found))
                break;
        }
    }
    a = V(scan_hits)(a, kind, wanted);
    b = V(scan_hits)(b, kind, wanted);
    c = V(scan_hits)(c, kind, wanted);
    d = V(scan_hits)(d, kind, wanted);
    if ((hits = V(mask)(a)) != 0)
        return at + __builtin_ctz(hits);
    if ((hits = V(mask)(b)) != 0)
        return at + V(size) + __builtin_ctz(hits);
    if ((hits = V(mask)(c)) != 0)
        return at + 2 * V(size) + __builtin_ctz(hits);
    return at + 3 * V(size) + __builtin_ctz(V(mask)(d));
}
