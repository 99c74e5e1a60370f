/* The part of memset() for more than four vectors of 16 bytes, for one kind of vector: vector.h. */

INLINE TARGET void V(set)(char *memory, vector_t filled, size_t size)
{
    char *end = memory + size - 4 * V(size), *at = (char *)align_down(memory, V(size)) + V(size);

    V(store_any)(memory, filled);
    if (size > 4 * V(size)) {
        for (; at < end; at += 4 * V(size)) {
            V(store)(at, filled);
            V(store)(at + V(size), filled);
            V(store)(at + 2 * V(size), filled);
            V(store)(at + 3 * V(size), filled);
        }
        V(store_any)(end, filled);
        V(store_any)(end + V(size), filled);
    } else {
        V(store_any)(memory + V(size), filled);
    }
    V(store_any)(end + 2 * V(size), filled);
    V(store_any)(end + 3 * V(size), filled);
}
