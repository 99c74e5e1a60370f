/* strcmp() and strncmp(), for one kind of vector: vector.h. */

/* Zero where the bytes differ, and where both are the end. */
INLINE TARGET V(t) V(go_on)(const char *a, const char *b)
{
    V(t) v = V(load_any)(a);

    return V(min)(v, V(equal)(v, V(load_any)(b)));
}

/* One bit for each byte that differs or is the end. */
INLINE TARGET uint32_t V(stops)(const char *a, const char *b)
{
    return V(mask)(V(equal)(V(go_on)(a, b), V(fill)(0)));
}

/* Whole vectors are read, past `most` too, but none that reaches into a page where neither string
 * is known to go on. */
INLINE TARGET int V(compare_strings)(const char *a, const char *b, int bounded, size_t most)
{
    size_t at = 0, room = page_room(a, b);
    uint32_t stops;

    if (!bounded)
        most = SIZE_MAX;
    if (LIKELY(room >= 4 * V(size))) {
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++, at += V(size)) {
            if (bounded && at >= most)
                return 0;
            if ((stops = V(stops)(a + at, b + at)) != 0)
                return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
        }
        /* On from where one of them is aligned; at the next page one will be, by itself. */
        at -= ((uintptr_t)a + at) % V(size);
        room = page_room(a + at, b + at);
    }
    for (;; room = page_room(a + at, b + at)) {
        for (; room >= 4 * V(size); at += 4 * V(size), room -= 4 * V(size)) {
            if (bounded && at >= most)
                return 0;
            V(t) v = V(load_any)(a + at), w = V(load_any)(a + at + V(size));
            V(t) x = V(load_any)(a + at + 2 * V(size)), y = V(load_any)(a + at + 3 * V(size));
            V(t) least = V(min)(V(min)(v, w), V(min)(x, y));
            V(t)
            equal = V(and)(V(and)(V(equal)(v, V(load_any)(b + at)),
                                  V(equal)(w, V(load_any)(b + at + V(size)))),
                           V(and)(V(equal)(x, V(load_any)(b + at + 2 * V(size))),
                                  V(equal)(y, V(load_any)(b + at + 3 * V(size)))));

            if (V(mask)(V(equal)(V(min)(least, equal), V(fill)(0))))
                break;
        }
        for (; room >= V(size); at += V(size), room -= V(size)) {
            if (bounded && at >= most)
                return 0;
            if ((stops = V(stops)(a + at, b + at)) != 0)
                return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
        }
        if (room == 0)
            continue;
        if (bounded && at >= most)
            return 0;
        if (at >= V(size)) {
            /* The vector that ends where the page does; some of it for the second time. */
            at -= V(size) - room;
            if ((stops = V(stops)(a + at, b + at)) != 0)
                return result_at(a, b, at + (size_t)__builtin_ctz(stops), most);
            at += V(size);
            continue;
        }
        for (; room != 0; room--, at++)
            if (at >= most || a[at] != b[at] || !a[at])
                return result_at(a, b, at, most);
    }
}
