/* not glibc: its malloc may move the break between two lines here
 *
 * brk sbrk: brk(2). musl refuses both on purpose, so there the program has nothing to say. */
#include "check.h"
#include <errno.h>
#include <fcntl.h>

/* The bytes of [heap] as the kernel sees them. */
static long heap_size(void)
{
    static char maps[1 << 16];
    int fd = open("/proc/self/maps", O_RDONLY);
    ssize_t got;
    size_t length = 0;
    unsigned long from, to;
    char *heap;

    while ((got = read(fd, maps + length, sizeof maps - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    maps[length] = 0;
    heap = strstr(maps, "[heap]");
    if (!heap)
        return 0;
    while (heap > maps && heap[-1] != '\n')
        heap--;
    return sscanf(heap, "%lx-%lx", &from, &to) == 2 ? (long)(to - from) : -1;
}

int main(void)
{
    char *start = sbrk(0), *now;
    long size;

    if (sbrk(4096) == (void *)-1)
        return 0;
    size = heap_size();
    now = sbrk(1 << 20);
    CHECK(now == start + 4096);
    CHECK_IS(heap_size(), size + (1 << 20));
    now[0] = now[(1 << 20) - 1] = 1;
    CHECK(sbrk(-(1 << 20)) == now + (1 << 20));
    CHECK(sbrk(0) == now);
    CHECK_IS(heap_size(), size);
    now = sbrk(100);
    CHECK(sbrk(1 << 20) == now + 100);
    CHECK_IS(now[(1 << 20) - 1], 0); /* what went and came back is zero again */
    CHECK_IS(brk(start), 0);
    CHECK(sbrk(0) == start);
    CHECK_IS(heap_size(), size - 4096);
    errno = 0;
    CHECK(sbrk(INTPTR_MAX) == (void *)-1 && errno == ENOMEM);
    errno = 0;
    CHECK(sbrk(INTPTR_MIN) == (void *)-1 && errno == ENOMEM);
    errno = 0;
    CHECK(brk((void *)4096) == -1 && errno == ENOMEM);
    CHECK(sbrk(0) == start);

    /* A program that moves the break under malloc()'s feet. */
    char *one = malloc(1000), *two, *three;
    strcpy(one, "one");
    two = sbrk(10000);
    memset(two, 2, 10000);
    three = malloc(200 << 10 >> 1);
    memset(three, 3, 100 << 10);
    for (int i = 0; i < 1000; i++)
        memset(malloc(500), 4, 500);
    CHECK_TEXT(one, "one");
    for (int i = 0; i < 10000; i++)
        CHECK_IS(two[i], 2);
    free(one);
    free(three);
    for (int i = 1; i < 200; i++) { /* and leaves it where no page begins */
        char *part = sbrk(i * 37 % 4096 + 1);
        memset(part, 5, i * 37 % 4096 + 1);
        memset(malloc(100000), 6, 100000);
        CHECK_IS(part[i * 37 % 4096], 5);
    }
    return check_end();
}
