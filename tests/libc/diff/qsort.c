/* qsort(), bsearch(): random arrays of every width and kind. Equal elements are equal in all bytes,
 * as their order is the library's affair. */
#include "../check.h"

static size_t width;
static unsigned long comparisons;

static int compare(const void *one, const void *other)
{
    comparisons++;
    return memcmp(one, other, width);
}

static void array_fill(unsigned char *array, size_t count, int pattern)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = random_next();

        switch (pattern) {
        case 0:
            break;
        case 1:
            value = i;
            break;
        case 2:
            value = count - i;
            break;
        case 3:
            value %= 4;
            break;
        case 4:
            value = 7;
            break;
        case 5: /* an organ pipe */
            value = i < count / 2 ? i : count - i;
            break;
        default: /* in order but for a few */
            value = value % 64 ? i : value % count;
            break;
        }
        memset(array + i * width, 0, width);
        for (size_t j = 0; j < width && j < 8; j++)
            array[i * width + j] = (unsigned char)(value >> 8 * ((width < 8 ? width : 8) - 1 - j));
    }
}

int main(int argc, char **argv)
{
    static unsigned char array[4096 * 200];
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (int i = 0; i < rounds; i++) {
        static const size_t widths[] = {1, 2, 3, 4, 5, 8, 12, 16, 24, 40, 127, 128, 129, 200};
        size_t count = random_next() % 4 ? random_next() % 70 : random_next() % 4096;
        unsigned long hash = 0;

        width = widths[random_next() % (sizeof widths / sizeof *widths)];
        array_fill(array, count, (int)(random_next() % 7));
        comparisons = 0;
        qsort(array, count, width, compare);
        for (size_t j = 0; j < count * width; j++)
            hash = hash * 31 + array[j];
        for (size_t j = 1; j < count; j++)
            if (memcmp(array + (j - 1) * width, array + j * width, width) > 0)
                printf("out of order at %zu\n", j);
        if (comparisons > 64 + 50 * count)
            printf("%lu comparisons\n", comparisons);
        printf("%zu of %zu: %lu", count, width, hash);
        if (count) {
            unsigned char *key = array + random_next() % count * width, *found;

            found = bsearch(key, array, count, width, compare);
            printf(" %d", found && memcmp(found, key, width) == 0);
        }
        printf("\n");
    }
    return 0;
}
