/* strrchr() and memrchr(), for one kind of vector: vector.h. */

INLINE unsigned V(highest)(uint32_t mask)
{
    return 31 - (unsigned)__builtin_clz(mask);
}

/* One pass, which remembers the last place where the byte was. */
INLINE TARGET const char *V(last_in_string)(const char *string, int byte)
{
    vector_t wanted = V(fill)(byte), zero = V(fill)(0);
    const char *at = align_down(string, V(size)), *last = NULL;
    unsigned before = (uintptr_t)string % V(size);
    vector_t a = V(load)(at), b, c, d;
    uint32_t hits = V(mask)(V(equal)(a, wanted)) >> before << before;
    uint32_t ends = V(mask)(V(equal)(a, zero)) >> before << before;

    for (;;) {
        if (ends) {
            hits &= ends ^ (ends - 1); /* up to the first end, which may be what is wanted */
            return hits ? at + V(highest)(hits) : last;
        }
        if (hits)
            last = at + V(highest)(hits);
        at += V(size);

        /* Past all that holds neither. */
        if ((uintptr_t)at % (4 * V(size)) == 0) {
            for (;; at += 4 * V(size)) {
                a = V(load)(at);
                b = V(load)(at + V(size));
                c = V(load)(at + 2 * V(size));
                d = V(load)(at + 3 * V(size));
                vector_t least =
                    V(min)(V(min)(V(min)(a, V(xor)(a, wanted)), V(min)(b, V(xor)(b, wanted))),
                           V(min)(V(min)(c, V(xor)(c, wanted)), V(min)(d, V(xor)(d, wanted))));

                if (V(mask)(V(equal)(least, zero)))
                    break;
            }
        }
        a = V(load)(at);
        hits = V(mask)(V(equal)(a, wanted));
        ends = V(mask)(V(equal)(a, zero));
    }
}

/* From the end on backwards; whole vectors, those that hold a byte of the memory. `size` is not
 * zero. */
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
            /* Past all that is not it. */
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
