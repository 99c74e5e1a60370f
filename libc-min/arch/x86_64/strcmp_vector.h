/* strcmp() and strncmp(), for one kind of vector: vector.h. */

/* Zero where the bytes differ, and where both strings end. */
INLINE TARGET vector_t V(go_on)(const char *a, const char *b)
{
    vector_t v = V(load_any)(a);

    return V(min)(v, V(equal)(v, V(load_any)(b)));
}

/* Nonzero if one of four vectors has a byte that differs or is the end. */
INLINE TARGET uint32_t V(stop_in_4)(const char *a, const char *b)
{
    vector_t v = V(load_any)(a), w = V(load_any)(a + V(size));
    vector_t x = V(load_any)(a + 2 * V(size)), y = V(load_any)(a + 3 * V(size));
    vector_t least = V(min)(V(min)(v, w), V(min)(x, y));
    vector_t equal =
        V(and)(V(and)(V(equal)(v, V(load_any)(b)), V(equal)(w, V(load_any)(b + V(size)))),
               V(and)(V(equal)(x, V(load_any)(b + 2 * V(size))),
                      V(equal)(y, V(load_any)(b + 3 * V(size)))));

    return V(mask)(V(equal)(V(min)(least, equal), V(fill)(0)));
}

/* One bit for each byte that differs or is the end. */
INLINE TARGET uint32_t V(stops)(const char *a, const char *b)
{
    return V(mask)(V(equal)(V(go_on)(a, b), V(fill)(0)));
}

/* Reads whole vectors, also past `most`, but none that reaches into a page where neither string is
 * known to go on. */
INLINE TARGET int V(compare_strings)(const char *a, const char *b, int bounded, size_t most)
{
    size_t at = 0, room = page_room(a, b);
    uint32_t stops;

    if (!bounded)
        most = SIZE_MAX;
    if (LIKELY(room >= V(size))) {
        if ((stops = V(stops)(a, b)) != 0)
            return result_at(a, b, (size_t)__builtin_ctz(stops), most);
        at = V(size);
        room -= V(size);
    }
    if (LIKELY(room >= 3 * V(size))) {
#pragma GCC unroll 3
        for (int i = 0; i < 3; i++, at += V(size)) {
            if (bounded && at >= most)
                return 0;
            if ((stops = V(stops)(a + at, b + at)) != 0)
                return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
        }
        /* Continues where one string is aligned; in the next page, the other one will be. */
        at -= ((uintptr_t)a + at) % V(size);
        room = page_room(a + at, b + at);
    }
    for (;; room = page_room(a + at, b + at)) {
        if (bounded && at >= most)
            return 0;
        if (room < 4 * V(size)) {
            if (UNLIKELY(at + room < 4 * V(size))) {
                /* A page ends near the beginning. */
                for (; room >= V(size); at += V(size), room -= V(size))
                    if ((stops = V(stops)(a + at, b + at)) != 0)
                        return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
                for (; room != 0; room--, at++)
                    if (at >= most || a[at] != b[at] || !a[at])
                        return result_at(a, b, at, most);
                continue;
            }
            /* Four vectors that end with the page; some bytes are compared again. */
            at -= 4 * V(size) - room;
            room = 4 * V(size);
        }
        for (; room >= 4 * V(size); at += 4 * V(size), room -= 4 * V(size)) {
            if (bounded && at >= most)
                return 0;
            if (V(stop_in_4)(a + at, b + at))
                goto stopped;
        }
    }

stopped:
    while ((stops = V(stops)(a + at, b + at)) == 0)
        at += V(size);
    return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
}
