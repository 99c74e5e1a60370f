/* stpcpy(), for one kind of vector: vector.h. */

/* Returns the end of the copy. Vectors are read aligned, and written at any address. The last one
 * ends with the terminator, and some of it is written again. */
INLINE TARGET char *V(copy_string)(char *to, const char *from)
{
    const char *at = align_down(from, V(size));
    vector_t zero = V(fill)(0), a, b, c, d;
    uint32_t ends;
    size_t size;

    if (UNLIKELY((uintptr_t)from % PAGE > PAGE - V(size))) {
        ends = V(mask)(V(equal)(V(load)(at), zero)) >> (uintptr_t)from % V(size);
        if (ends)
            goto is_short;
        /* The string goes on in the next page. */
    }
    a = V(load_any)(from);
    ends = V(mask)(V(equal)(a, zero));
    if (ends)
        goto is_short;
    V(store_any)(to, a);

#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        at += V(size);
        a = V(load)(at);
        ends = V(mask)(V(equal)(a, zero));
        if (ends)
            goto is_long;
        V(store_any)(to + (at - from), a);
    }
    for (at = align_down(at + V(size), 4 * V(size));; at += 4 * V(size)) {
        char *target = to + (at - from);

        a = V(load)(at);
        b = V(load)(at + V(size));
        c = V(load)(at + 2 * V(size));
        d = V(load)(at + 3 * V(size));
        if (V(mask)(V(equal)(V(min)(V(min)(a, b), V(min)(c, d)), zero)))
            break;
        V(store_any)(target, a);
        V(store_any)(target + V(size), b);
        V(store_any)(target + 2 * V(size), c);
        V(store_any)(target + 3 * V(size), d);
    }
    for (;; at += V(size)) {
        a = V(load)(at);
        ends = V(mask)(V(equal)(a, zero));
        if (ends)
            goto is_long;
        V(store_any)(to + (at - from), a);
    }

is_long:
    size = (size_t)(at - from) + (size_t)__builtin_ctz(ends) + 1;
    V(store_any)(to + size - V(size), V(load_any)(from + size - V(size)));
    return to + size - 1;

is_short:
    size = (size_t)__builtin_ctz(ends) + 1;
    move_short(to, from, size);
    return to + size - 1;
}
