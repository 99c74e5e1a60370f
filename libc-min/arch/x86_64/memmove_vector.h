/* The part of memmove() for long copies, for one kind of vector: vector.h. */

/* Four vectors that are read before the first of them is written. */
#define READ_4(from, load)                                                                         \
    a = load(from), b = load((from) + V(size)), c = load((from) + 2 * V(size)),                    \
    d = load((from) + 3 * V(size))
#define WRITE_4(to, store)                                                                         \
    store(to, a), store((to) + V(size), b), store((to) + 2 * V(size), c),                          \
        store((to) + 3 * V(size), d)

/* Copies more than 8 vectors. The last vectors are read first and written last, so that the loop
 * may stop at any multiple. So are the first ones, so that the loop writes aligned vectors. */
INLINE TARGET void V(move_forwards)(char *to, const char *from, size_t size)
{
    char *end = to + size - 4 * V(size), *at = to;
    const char *from_end = from + size - 4 * V(size);
    vector_t first = V(load_any)(from), a, b, c, d;
    vector_t last_a = V(load_any)(from_end), last_b = V(load_any)(from_end + V(size));
    vector_t last_c = V(load_any)(from_end + 2 * V(size)),
             last_d = V(load_any)(from_end + 3 * V(size));
    size_t skip = V(size) - (uintptr_t)to % V(size);

    for (at += skip, from += skip; at < end; at += 4 * V(size), from += 4 * V(size)) {
        READ_4(from, V(load_any));
        WRITE_4(at, V(store));
    }
    a = last_a, b = last_b, c = last_c, d = last_d;
    WRITE_4(end, V(store_any));
    V(store_any)(to, first);
}

INLINE TARGET void V(move_backwards)(char *to, const char *from, size_t size)
{
    char *at = to + size;
    const char *from_at = from + size;
    vector_t last = V(load_any)(from_at - V(size)), a, b, c, d;
    vector_t first_a = V(load_any)(from), first_b = V(load_any)(from + V(size));
    vector_t first_c = V(load_any)(from + 2 * V(size)), first_d = V(load_any)(from + 3 * V(size));
    size_t skip = (uintptr_t)at % V(size);
    char *at_end = at;

    for (at -= skip, from_at -= skip; at > to + 4 * V(size);) {
        at -= 4 * V(size), from_at -= 4 * V(size);
        READ_4(from_at, V(load_any));
        WRITE_4(at, V(store));
    }
    a = first_a, b = first_b, c = first_c, d = first_d;
    WRITE_4(to, V(store_any));
    V(store_any)(at_end - V(size), last);
}

/* Copies more than two vectors. */
INLINE TARGET void V(move)(char *to, const char *from, size_t size)
{
    char *end = to + size - 2 * V(size);
    const char *from_end = from + size - 2 * V(size);
    vector_t a, b, c, d;

    if (size <= 4 * V(size)) {
        a = V(load_any)(from), b = V(load_any)(from + V(size));
        c = V(load_any)(from_end), d = V(load_any)(from_end + V(size));
        V(store_any)(to, a), V(store_any)(to + V(size), b);
        V(store_any)(end, c), V(store_any)(end + V(size), d);
    } else if (size <= 8 * V(size)) {
        vector_t e, f, g, h;

        end -= 2 * V(size), from_end -= 2 * V(size);
        READ_4(from, V(load_any));
        e = V(load_any)(from_end), f = V(load_any)(from_end + V(size));
        g = V(load_any)(from_end + 2 * V(size)), h = V(load_any)(from_end + 3 * V(size));
        WRITE_4(to, V(store_any));
        a = e, b = f, c = g, d = h;
        WRITE_4(end, V(store_any));
    } else if (move_backwards_is_better(to, from, size)) {
        V(move_backwards)(to, from, size);
    } else {
        V(move_forwards)(to, from, size);
    }
}

#undef READ_4
#undef WRITE_4
