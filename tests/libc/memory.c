/* memcpy memmove mempcpy memset memcmp memchr memrchr memmem memccpy and 4.2BSD's names for them.
 */
#include "string_paths.h"
#include <strings.h>

/* Called through these, so that it is the library's function and no builtin. */
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile fill)(void *, int, size_t) = memset;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;
static void *(*volatile find)(const void *, int, size_t) = memchr;
static void *(*volatile find_last)(const void *, int, size_t) = memrchr;

enum { AROUND = 64, ROOM = 4 * 4096 };

/* Each ends where the next page may not be touched, and begins where the one before may not. */
static unsigned char *left, *right;

/* The value of a byte that was put at a place, different from its neighbours'. */
static unsigned char value(size_t at)
{
    return (unsigned char)(at * 7 + at / 256 * 3 + 1);
}

static void put(unsigned char *at, size_t size, size_t from)
{
    for (size_t i = 0; i < size; i++)
        at[i] = value(from + i);
}

static int is(const unsigned char *at, size_t size, size_t from)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != value(from + i))
            return 0;
    return 1;
}

static int is_all(const unsigned char *at, size_t size, unsigned char byte)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != byte)
            return 0;
    return 1;
}

/* Copies `size` bytes and looks at what is around them as well, as far as that may be touched. */
static void copy_case(unsigned char *to, const unsigned char *from, size_t size)
{
    size_t before = to - left < AROUND ? (size_t)(to - left) : AROUND;
    size_t after = (size_t)(left + ROOM - (to + size));

    after = after < AROUND ? after : AROUND;
    for (size_t i = 0; i < before + size + after; i++)
        to[i - before] = 0xee;
    CHECK_CASE(copy(to, from, size) == to, "%zu bytes", size);
    CHECK_CASE(is(to, size, (size_t)(from - right)), "%zu bytes, %zu from %zu", size,
               (size_t)to % 4096, (size_t)from % 4096);
    CHECK_CASE(is_all(to - before, before, 0xee) && is_all(to + size, after, 0xee),
               "%zu bytes, %zu from %zu: what is around them", size, (size_t)to % 4096,
               (size_t)from % 4096);
}

static void test_copy(void)
{
    put(right, ROOM, 0);
    FOR_LENGTHS(size)
    {
        copy_case(left + ROOM - size, right + ROOM - size, size);
        copy_case(left, right, size);
        copy_case(left + ROOM - size, right, size);
        copy_case(left, right + ROOM - size, size);
        for (size_t i = 0; i < 64; i++)
            copy_case(left + i, right + (i * 37 + size) % 64, size);
    }
}

static void test_move_overlapping(void)
{
    static const size_t distances[] = {1,   2,   3,   7,   8,   9,    15,   16,   17,  24,  31,
                                       32,  33,  63,  64,  65,  100,  127,  128,  129, 200, 255,
                                       256, 300, 511, 512, 600, 1000, 4095, 4096, 4097};

    FOR_LENGTHS(size)
    {
        for (size_t i = 0; i < sizeof distances / sizeof distances[0]; i++) {
            size_t distance = distances[i], shift = (size + i) % 32;
            unsigned char *low = left + shift, *high = low + distance;

            if (shift + distance + size > ROOM)
                continue;
            put(low, size + distance, 0);
            CHECK_CASE(move(high, low, size) == high, "up");
            CHECK_CASE(is(high, size, 0), "%zu bytes up by %zu", size, distance);
            CHECK_CASE(is(low, distance < size ? distance : size, 0), "what stays, up");

            put(low, size + distance, 0);
            CHECK_CASE(move(low, high, size) == low, "down");
            CHECK_CASE(is(low, size, distance), "%zu bytes down by %zu", size, distance);
            CHECK_CASE(is(low + size, distance, size), "what stays, down");
        }
        put(left, size, 0);
        move(left, left, size);
        CHECK_CASE(is(left, size, 0), "%zu bytes to where they are", size);
    }
}

/* Where other instructions take over: from 24, 64 and 512 KiB (arch/x86_64/memmove.c). */
static void test_move_large(void)
{
    static const size_t sizes[] = {25000, 70000, 600000};
    static const size_t distances[] = {1, 24, 64, 100, 5000, 700000};
    static unsigned char memory[600000 + 700000];

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t j = 0; j < sizeof distances / sizeof distances[0]; j++) {
            size_t size = sizes[i], distance = distances[j];

            put(memory, size + distance, 0);
            move(memory + distance, memory, size);
            CHECK_CASE(is(memory + distance, size, 0), "%zu bytes up by %zu", size, distance);
            put(memory, size + distance, 0);
            move(memory, memory + distance, size);
            CHECK_CASE(is(memory, size, distance), "%zu bytes down by %zu", size, distance);
        }
}

static void set_case(unsigned char *to, size_t size, int byte)
{
    size_t before = to - left < AROUND ? (size_t)(to - left) : AROUND;
    size_t after = (size_t)(left + ROOM - (to + size));

    after = after < AROUND ? after : AROUND;
    for (size_t i = 0; i < before + size + after; i++)
        to[i - before] = 0xee;
    CHECK_CASE(fill(to, byte, size) == to, "%zu bytes", size);
    CHECK_CASE(is_all(to, size, (unsigned char)byte), "%zu bytes at %zu", size, (size_t)to % 4096);
    CHECK_CASE(is_all(to - before, before, 0xee) && is_all(to + size, after, 0xee),
               "%zu bytes at %zu: what is around them", size, (size_t)to % 4096);
}

static void test_set(void)
{
    FOR_LENGTHS(size)
    {
        set_case(left, size, 0x11);
        set_case(left + ROOM - size, size, 0x1ff); /* converted to unsigned char */
        for (size_t i = 0; i < 64; i++)
            set_case(left + i, size, (int)i);
    }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static void compare_case(unsigned char *a, unsigned char *b, size_t size)
{
    put(a, size, 0);
    put(b, size, 0);
    CHECK_CASE(compare(a, b, size) == 0, "%zu bytes", size);
    for (size_t i = 0; i < size; i += next_place(size)) {
        unsigned char was = b[i];

        /* As unsigned char (C11 7.24.4), and what comes after does not matter. */
        a[i] = 0x7f;
        b[i] = 0x80;
        if (i + 1 < size)
            a[i + 1]++;
        CHECK_CASE(sign(compare(a, b, size)) == -1, "%zu bytes, different at %zu", size, i);
        CHECK_CASE(sign(compare(b, a, size)) == 1, "%zu bytes, different at %zu", size, i);
        CHECK_CASE(compare(a, b, i) == 0, "%zu bytes before the difference", i);
        a[i] = b[i] = was;
        if (i + 1 < size)
            a[i + 1]--;
    }
}

static void test_compare(void)
{
    FOR_LENGTHS(size)
    {
        compare_case(left, right, size);
        compare_case(left + ROOM - size, right + ROOM - size, size);
        compare_case(left + size % 32, right + ROOM - size, size);
        compare_case(left + size * 3 % 64, right + size * 5 % 64, size);
    }
}

static void find_case(unsigned char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = 'x';
    CHECK_CASE(!find(at, 'y', size) && !find_last(at, 'y', size), "%zu bytes", size);
    for (size_t i = 0; i < size; i += next_place(size)) {
        at[i] = 0xe9;
        CHECK_CASE(find(at, 0xe9, size) == at + i, "at %zu of %zu", i, size);
        CHECK_CASE(find_last(at, 0xe9, size) == at + i, "at %zu of %zu", i, size);
        CHECK_CASE(find(at, -23, size) == at + i, "converted to unsigned char");
        CHECK_CASE(!find(at, 0xe9, i), "%zu bytes before it", i);
        CHECK_CASE(!find_last(at + i + 1, 0xe9, size - i - 1), "%zu bytes after it", size - i - 1);
        at[size - 1] = at[0] = 0xe9;
        CHECK_CASE(find(at, 0xe9, size) == at, "the first");
        CHECK_CASE(find_last(at, 0xe9, size) == at + size - 1, "the last");
        at[size - 1] = at[0] = at[i] = 'x';
    }
    if (size != 0) {
        /* It reads in order, and no further than the byte (C11 7.24.5.1): the size may be wrong. */
        at[size - 1] = 'y';
        CHECK_CASE(find(at, 'y', SIZE_MAX) == at + size - 1, "any size");
    }
}

static void test_find(void)
{
    FOR_LENGTHS(size)
    {
        if (size > 600 && size < 4080)
            continue;
        find_case(left, size);
        find_case(left + ROOM - size, size);
        find_case(left + size * 3 % 64, size);
        find_case(left + size * 5 % 128 + 13, size);
    }
}

/* memmem() against the definition. */
static void test_memmem(void)
{
    for (int round = 0; round < 40000; round++) {
        size_t size = random_next() % 200, needle_size = random_next() % 60;
        unsigned letters = 1 + (unsigned)(random_next() % 3);
        /* Some repeat themselves, nearly. */
        size_t period = round % 3 ? SIZE_MAX : 1 + random_next() % 20;
        unsigned char *memory = left + ROOM - size, *needle = right + ROOM - needle_size;
        unsigned char *expected = NULL;

        for (size_t i = 0; i < size; i++)
            memory[i] = i >= period && random_next() % 40
                            ? memory[i - period]
                            : (unsigned char)('a' + random_next() % letters);
        for (size_t i = 0; i < needle_size; i++)
            needle[i] = (unsigned char)('a' + random_next() % letters);
        if (round % 2 == 0 && needle_size <= size) {
            size_t at = random_next() % (size - needle_size + 1);

            for (size_t i = 0; i < needle_size; i++)
                needle[i] = memory[at + i];
            if (needle_size != 0 && random_next() % 4 == 0)
                needle[random_next() % needle_size] = 'a';
        }
        for (size_t at = 0; at + needle_size <= size && !expected; at++) {
            size_t i = 0;

            while (i < needle_size && memory[at + i] == needle[i])
                i++;
            if (i == needle_size)
                expected = memory + at;
        }
        CHECK_CASE(memmem(memory, size, needle, needle_size) == expected, "%.*s in %.*s",
                   (int)needle_size, (char *)needle, (int)size, (char *)memory);
    }
}

static void test_others(void)
{
    char to[16] = "0123456789";

    CHECK(mempcpy(to, "abc", 3) == to + 3);
    CHECK_TEXT(to, "abc3456789");
    CHECK(memccpy(to, "hello", 'l', 5) == to + 3);
    CHECK_TEXT(to, "hel3456789");
    CHECK(memccpy(to, "HELLO", 'x', 4) == NULL);
    CHECK_TEXT(to, "HELL456789");
    bcopy(to, to + 2, 4);
    CHECK_TEXT(to, "HEHELL6789");
    bzero(to, 2);
    CHECK(!to[0] && !to[1] && to[2] == 'H');
    CHECK(bcmp("abc", "abd", 3) != 0 && bcmp("abc", "abd", 2) == 0);
    explicit_bzero(to, 3);
    CHECK(!to[2] && to[3] == 'E');
    swab("abcde", to, 5); /* an odd last byte is left alone, here */
    CHECK(memcmp(to, "badc", 4) == 0);
    CHECK(ffs(0) == 0 && ffs(1) == 1 && ffs(0x80) == 8 && ffs(INT32_MIN) == 32);
    CHECK(ffsl(1L << 62) == 63 && ffsll(1LL << 33) == 34 && ffsll(INT64_MIN) == 64);
}

static void test(void)
{
    test_copy();
    test_move_overlapping();
    test_move_large();
    test_set();
    test_compare();
    test_find();
    test_memmem();
}

int main(int argc, char **argv)
{
    string_path_choose(argc, argv);
    left = page_edge(ROOM);
    right = page_edge(ROOM);
    test();
    copy = memmove;
    test_copy();
    test_others();
    return check_end();
}
