#include <stdlib.h>

void *bsearch(const void *key, const void *base, size_t count, size_t width,
              int (*compare)(const void *, const void *))
{
    const char *low = base, *middle;
    int order;

    while (count) {
        middle = low + count / 2 * width;
        order = compare(key, middle);
        if (!order)
            return (void *)middle;
        if (order > 0) {
            low = middle + width;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
