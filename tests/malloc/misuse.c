/* One misuse of the heap: misuse PATTERN SIZE. Without arguments it lists the patterns. Status 0 if
 * nothing noticed it; 3 if what the pattern looks for did not happen (a secret read, a pointer
 * taken over), which counts as caught. */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef volatile unsigned char bytes;

static size_t size;
static long target[64]; /* what a forged pointer aims at */

static __attribute__((noinline)) void *get(size_t length)
{
    void *memory = malloc(length);

    __asm__ volatile("" : "+r"(memory) : : "memory");
    if (!memory)
        _exit(9);
    return memory;
}

static __attribute__((noinline)) void put(void *memory)
{
    __asm__ volatile("" : "+r"(memory) : : "memory");
    free(memory);
}

/* Goes on as a program does: what was damaged is used. */
static void go_on(void)
{
    void *blocks[40];

    for (int i = 0; i < 40; i++)
        blocks[i] = get(i % 2 ? size : size / 2 + (size_t)i * 8);
    for (int i = 0; i < 40; i++)
        put(blocks[i]);
}

static void twice(void)
{
    void *a = get(size);
    put(a);
    put(a);
}
static void twice_other_between(void)
{
    void *a = get(size), *b = get(size);
    put(a);
    put(b);
    put(a);
}
static void twice_many_between(void)
{
    void *a = get(size), *b[100];
    for (int i = 0; i < 100; i++)
        b[i] = get(size);
    put(a);
    for (int i = 0; i < 100; i++)
        put(b[i]);
    put(a);
}
static void twice_alias(void)
{
    bytes *a = get(size), *b = a + size / 2;
    put((void *)a);
    put((void *)(b - size / 2));
}
static void twice_after_realloc(void)
{
    void *a = get(size), *wall = get(size), *b = realloc(a, size * 20);
    put(a);
    (void)wall, (void)b;
}
static void *put_there(void *a)
{
    put(a);
    return NULL;
}
static void twice_other_thread(void)
{
    pthread_t thread;
    void *a = get(size), *keep = get(size);
    pthread_create(&thread, NULL, put_there, a);
    pthread_join(thread, NULL);
    put(a);
    (void)keep;
}
static void twice_calloc(void)
{
    void *a = calloc(1, size);
    put(a);
    put(a);
}
static void twice_aligned(void)
{
    void *a = aligned_alloc(64, size);
    put(a);
    put(a);
}

static void inside_1(void)
{
    bytes *a = get(size);
    put((void *)(a + 1));
}
static void inside_8(void)
{
    bytes *a = get(size);
    put((void *)(a + 8));
}
static void inside_16(void)
{
    bytes *a = get(size);
    put((void *)(a + 16));
}
static void inside_middle(void)
{
    bytes *a = get(size);
    put((void *)(a + (size / 2 & ~15ul)));
}
static void before_start(void)
{
    bytes *a = get(size);
    put((void *)(a - 16));
}
static void stack_pointer(void)
{
    _Alignas(16) bytes local[512];
    local[0] = 1;
    put((void *)(local + 32));
}
static void static_pointer(void)
{
    put(target + 2);
}
static void literal_pointer(void)
{
    put((void *)"a string that nobody has allocated, at least 32 bytes long");
}
static void small_number(void)
{
    put((void *)0x1000);
}
static void function_pointer(void)
{
    put((void *)(uintptr_t)&go_on);
}

static void realloc_freed(void)
{
    void *a = get(size);
    put(a);
    a = realloc(a, size * 2);
    (void)a;
}
static void realloc_inside(void)
{
    bytes *a = get(size);
    a = realloc((void *)(a + 16), size * 2);
    (void)a;
}
static void realloc_static(void)
{
    void *a = realloc(target + 2, size * 2);
    (void)a;
}

static void past_zero(void)
{
    bytes *a = get(size);
    a[size] = 0;
    put((void *)a);
}
static void past_letter(void)
{
    bytes *a = get(size);
    a[size] = 'A';
    put((void *)a);
}
static void past_8(void)
{
    bytes *a = get(size);
    for (int i = 0; i < 8; i++)
        a[size + i] = 'A';
    put((void *)a);
}
static void past_64(void)
{
    bytes *a = get(size);
    for (int i = 0; i < 64; i++)
        a[size + i] = 'A';
    put((void *)a);
}
static void past_realloc(void)
{
    bytes *a = realloc(get(10), size);
    a[size] = 'A';
    put((void *)a);
}
static void past_calloc(void)
{
    bytes *a = calloc(1, size);
    a[size] = 'A';
    put((void *)a);
}
static void past_into_next(void)
{
    bytes *a = get(size), *b = get(size);
    for (size_t i = 0; i < size + 64; i++)
        a[i] = 'A';
    put((void *)b);
    put((void *)a);
}
static void under_1(void)
{
    bytes *a = get(size), *b = get(size);
    b[-1] ^= 0x55;
    put((void *)b);
    put((void *)a);
}
static void under_8(void)
{
    bytes *a = get(size), *b = get(size);
    for (int i = 1; i <= 8; i++)
        b[-i] ^= 0x55;
    put((void *)b);
    put((void *)a);
}

static void freed_first(void)
{
    bytes *a = get(size);
    put((void *)a);
    a[0] ^= 0x55;
    go_on();
}
static void freed_middle(void)
{
    bytes *a = get(size);
    put((void *)a);
    a[size / 2] ^= 0x55;
    go_on();
}
static void freed_last(void)
{
    bytes *a = get(size);
    put((void *)a);
    a[size - 1] ^= 0x55;
    go_on();
}
static void freed_read(void)
{
    bytes *a = get(size);
    memcpy((void *)(a + 20), "a secret", 8);
    put((void *)a);
    if (a[20] != 'a')
        _exit(3);
}
static void realloc_moved(void)
{
    bytes *a = get(size), *wall = get(size), *b = realloc((void *)a, size * 20);
    a[0] ^= 0x55;
    go_on();
    (void)wall, (void)b;
}
static void forged_link(void)
{
    void *a = get(size), *b = get(size);
    put(a);
    put(b);
    memcpy(b, &(long *){target + 2}, sizeof(long *));
    for (int i = 0; i < 50; i++)
        if ((uintptr_t)get(size) - (uintptr_t)target < sizeof target)
            _exit(0);
    _exit(3);
}
static void forged_head(void)
{
    size_t *a = get(size), *b = get(size);
    b[-1] += 64;
    put(b);
    put(a);
}
static void read_past(void)
{
    bytes *a = get(size);
    unsigned sum = 0;
    for (int i = 0; i < 4096; i++)
        sum += a[size + i];
    if (sum == 1)
        puts("");
}
static void read_before(void)
{
    bytes *a = get(size);
    unsigned sum = 0;
    for (int i = 1; i < 4096; i++)
        sum += a[-i];
    if (sum == 1)
        puts("");
}
static void old_content(void)
{
    bytes *a = get(size);
    memset((void *)a, 's', size);
    put((void *)a);
    for (int i = 0; i < 10; i++) {
        bytes *b = get(size);
        for (size_t at = 16; at < size; at++)
            if (b[at] == 's')
                _exit(0);
    }
    _exit(3);
}
static void overflow_product(void)
{
    void *a = calloc(SIZE_MAX / size, size + 1);
    _exit(a == NULL && errno == ENOMEM ? 3 : 0);
}
static void negative_size(void)
{
    _exit(malloc(-size) == NULL ? 3 : 0);
}

static const struct {
    char name[24];
    void (*run)(void);
} patterns[] = {
#define PATTERN(name)                                                                              \
    {                                                                                              \
#name, name                                                                                \
    }
    PATTERN(twice),
    PATTERN(twice_other_between),
    PATTERN(twice_many_between),
    PATTERN(twice_alias),
    PATTERN(twice_after_realloc),
    PATTERN(twice_other_thread),
    PATTERN(twice_calloc),
    PATTERN(twice_aligned),
    PATTERN(inside_1),
    PATTERN(inside_8),
    PATTERN(inside_16),
    PATTERN(inside_middle),
    PATTERN(before_start),
    PATTERN(stack_pointer),
    PATTERN(static_pointer),
    PATTERN(literal_pointer),
    PATTERN(small_number),
    PATTERN(function_pointer),
    PATTERN(realloc_freed),
    PATTERN(realloc_inside),
    PATTERN(realloc_static),
    PATTERN(past_zero),
    PATTERN(past_letter),
    PATTERN(past_8),
    PATTERN(past_64),
    PATTERN(past_realloc),
    PATTERN(past_calloc),
    PATTERN(past_into_next),
    PATTERN(under_1),
    PATTERN(under_8),
    PATTERN(freed_first),
    PATTERN(freed_middle),
    PATTERN(freed_last),
    PATTERN(freed_read),
    PATTERN(realloc_moved),
    PATTERN(forged_link),
    PATTERN(forged_head),
    PATTERN(read_past),
    PATTERN(read_before),
    PATTERN(old_content),
    PATTERN(overflow_product),
    PATTERN(negative_size),
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (argc < 3) {
            puts(patterns[i].name);
        } else if (strcmp(argv[1], patterns[i].name) == 0) {
            size = strtoul(argv[2], NULL, 0);
            patterns[i].run();
            go_on();
            return 0;
        }
    }
    return argc < 3 ? 0 : 2;
}
