/* Random copies, fills, comparisons and searches in one memory: a sum of it after each. */
#include "../check.h"

enum { ROOM = 5 * 4096 };

static uint32_t sum(const unsigned char *memory, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ memory[i]) * 16777619u;
    return hash;
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? atol(argv[2]) : 1000;
    unsigned char *memory = page_edge(ROOM);

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (size_t i = 0; i < ROOM; i++)
        memory[i] = (unsigned char)random_next();
    for (long round = 0; round < rounds; round++) {
        size_t most = (size_t[]){16, 64, 300, 5000, ROOM}[random_next() % 5];
        size_t size = random_next() % (most + 1);
        unsigned char *a = memory + random_next() % (ROOM - size + 1);
        unsigned char *b = memory + random_next() % (ROOM - size + 1), *end = memory + ROOM;
        int byte = (int)(random_next() % 256);
        void *found, *found_last;

        if (random_next() % 4 == 0)
            b = a + (end - a - (long)size > 200 ? random_next() % 200 : 0);
        if (random_next() % 8 == 0)
            a = end - size;
        switch (random_next() % 6) {
        case 0:
            memmove(a, b, size);
            break;
        case 1:
            /* disjoint, as memcpy() demands */
            if (a + size <= b || b + size <= a)
                memcpy(a, b, size);
            break;
        case 2:
            memset(a, byte, random_next() % 3 ? size / 8 : size);
            break;
        case 3:
            if (size != 0)
                a[random_next() % size] ^= 1;
            break;
        default:
            for (size_t i = 0; i < size; i++)
                a[i] = (unsigned char)(random_next() >> 56 | 0x80);
        }
        found = memchr(a, byte, size);
        found_last = memrchr(a, byte, size);
        printf("%08x %d %ld %ld\n", sum(memory, ROOM), sign(memcmp(a, b, size)),
               found ? (long)((unsigned char *)found - a) : -1,
               found_last ? (long)((unsigned char *)found_last - a) : -1);
    }
    return 0;
}
