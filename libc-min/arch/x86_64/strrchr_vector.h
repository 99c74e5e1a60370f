/* strrchr() and memrchr(), for one kind of vector: vector.h. */

INLINE unsigned V(highest)(uint32_t mask)
{
    return 31 - (unsigned)__builtin_clz(mask);
}

/* One pass, which keeps the place of the last hit. */
INLINE TARGET const char *V(last_in_string)(const char *string, int byte)
{
    vector_t wanted = V(fill)(byte), zero = V(fill)(0), a, b, c, d;
    const char *at = align_down(string, V(size)), *last = NULL;
    unsigned before = (uintptr_t)string % V(size);
    uint32_t hits, ends;

    if (LIKELY((uintptr_t)string % PAGE <= PAGE - V(size))) {
        a = V(load_any)(string);
        hits = V(mask)(V(equal)(a, wanted));
        ends = V(mask)(V(equal)(a, zero));
    } else {
        a = V(load)(at);
        hits = V(mask)(V(equal)(a, wanted)) >> before;
        ends = V(mask)(V(equal)(a, zero)) >> before;
    }
    if (ends) {
        hits &= ends ^ (ends - 1); /* up to the first end, which may be the wanted byte */
        return hits ? string + V(highest)(hits) : NULL;
    }
    if (hits)
        last = string + V(highest)(hits);

        /* The number of vectors does not depend on the alignment of the string, which cannot be
         * predicted. */
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        at += V(size);
        a = V(load)(at);
        if (!V(mask)(V(equal)(V(min)(a, V(xor)(a, wanted)), zero)))
            continue;
        hits = V(mask)(V(equal)(a, wanted));
        ends = V(mask)(V(equal)(a, zero));
        if (ends) {
            hits &= ends ^ (ends - 1);
            return hits ? at + V(highest)(hits) : last;
        }
        last = at + V(highest)(hits);
    }
    at += V(size);

    /* Four at a time, which share a page; some may be read twice, in order. */
    for (at = align_down(at, 4 * V(size));; at += 4 * V(size)) {
        vector_t least;

        a = V(load)(at);
        b = V(load)(at + V(size));
        c = V(load)(at + 2 * V(size));
        d = V(load)(at + 3 * V(size));
        least = V(min)(V(min)(V(min)(a, V(xor)(a, wanted)), V(min)(b, V(xor)(b, wanted))),
                       V(min)(V(min)(c, V(xor)(c, wanted)), V(min)(d, V(xor)(d, wanted))));
        if (!V(mask)(V(equal)(least, zero)))
            continue;
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++) {
            const char *one = at + i * V(size);

            a = V(load)(one);
            hits = V(mask)(V(equal)(a, wanted));
            ends = V(mask)(V(equal)(a, zero));
            if (ends) {
                hits &= ends ^ (ends - 1);
                return hits ? one + V(highest)(hits) : last;
            }
            if (hits)
                last = one + V(highest)(hits);
        }
    }
}

/* Backwards from the end, in whole vectors that contain a byte of the memory. `size` is not zero.
 */
INLINE TARGET const char *V(last_in_memory)(const char *memory, int byte, size_t size)
{
    vector_t wanted = V(fill)(byte), a, b, c, d;
    const char *end = memory + size, *at = align_down(end - 1, V(size));
    unsigned last = (uintptr_t)(end - 1) % V(size);
    uint32_t hits = V(mask)(V(equal)(V(load)(at), wanted)) << (31 - last) >> (31 - last);

    for (;;) {
        if (hits) {
            at += V(highest)(hits);
            return at >= memory ? at : NULL;
        }
        if (at <= memory)
            return NULL;
        if ((uintptr_t)at % (4 * V(size)) == 0) {
            /* Skips all vectors without the byte. */
            for (; at > memory; at -= 4 * V(size)) {
                a = V(equal)(V(load)(at - V(size)), wanted);
                b = V(equal)(V(load)(at - 2 * V(size)), wanted);
                c = V(equal)(V(load)(at - 3 * V(size)), wanted);
                d = V(equal)(V(load)(at - 4 * V(size)), wanted);
                if (V(mask)(V(or)(V(or)(a, b), V(or)(c, d))))
                    break;
            }
            if (at <= memory)
                return NULL;
        }
        at -= V(size);
        hits = V(mask)(V(equal)(V(load)(at), wanted));
    }
}
