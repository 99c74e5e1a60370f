/* rand, random and the drand48() family, before and after a seed, beside their recurrences: of
 * drand48() POSIX's, which glibc has too; of rand() and random() musl's, as its programs print
 * them. */
#include "check.h"
#include <errno.h>
#include <stdint.h>

static uint64_t step48(uint64_t x, uint64_t multiplier, unsigned addend)
{
    return (x * multiplier + addend) & 0xFFFFFFFFFFFF;
}

static void check_48(uint64_t x, uint64_t multiplier, unsigned addend)
{
    for (int i = 0; i < 20; i++) {
        x = step48(x, multiplier, addend);
        CHECK_IS(lrand48(), x >> 17);
        x = step48(x, multiplier, addend);
        CHECK_IS(mrand48(), (int32_t)(x >> 16));
        x = step48(x, multiplier, addend);
        CHECK(drand48() == (double)x / 281474976710656.0);
    }
}

static void test_drand48(void)
{
    const uint64_t multiplier = 0x5DEECE66D;
    unsigned short words[3] = {1, 2, 3};
    uint64_t x = 0x000300020001;

    check_48(0, multiplier, 11); /* nobody has given a seed */
    for (int i = 0; i < 20; i++) {
        x = step48(x, multiplier, 11);
        CHECK_IS(nrand48(words), x >> 17);
        x = step48(x, multiplier, 11);
        CHECK_IS(jrand48(words), (int32_t)(x >> 16));
        x = step48(x, multiplier, 11);
        CHECK(erand48(words) == (double)x / 281474976710656.0);
        CHECK(words[0] == (x & 0xFFFF) && words[1] == (x >> 16 & 0xFFFF) && words[2] == x >> 32);
    }
    srand48(1);
    check_48(0x00000001330E, multiplier, 11);
    srand48(0x123456789);
    check_48(0x23456789330E, multiplier, 11);
    srand48(-1);
    lrand48();
    x = step48(0xFFFFFFFF330E, multiplier, 11);
    unsigned short *old = seed48((unsigned short[3]){4, 5, 6});
    CHECK(old[0] == (x & 0xFFFF) && old[1] == (x >> 16 & 0xFFFF) && old[2] == x >> 32);
    check_48(0x000600050004, multiplier, 11);
    lcong48((unsigned short[7]){1, 2, 3, 4, 5, 6, 7});
    check_48(0x000300020001, 0x000600050004, 7);
#if defined LIBC_MIN || defined __GLIBC__ /* musl keeps lcong48()'s, which POSIX excludes */
    srand48(1);
    check_48(0x00000001330E, multiplier, 11);
    lcong48((unsigned short[7]){1, 2, 3, 4, 5, 6, 7});
    seed48((unsigned short[3]){4, 5, 6});
    check_48(0x000600050004, multiplier, 11);
#endif
}

#ifndef __GLIBC__
static uint64_t step64(uint64_t x)
{
    return x * 6364136223846793005u + 1;
}

static void check_rand(unsigned seed)
{
    uint64_t x = seed - 1;
    for (int i = 0; i < 100; i++) {
        x = step64(x);
        CHECK_IS(rand(), x >> 33);
    }
}

/* x[i] = x[i - degree] + x[i - separation], of which a bit is left out. */
static void check_random(unsigned seed, int degree, int separation)
{
    enum { COUNT = 300 };
    uint32_t x[63 + COUNT];
    uint64_t next = seed;

    for (int i = 0; i < degree; i++) {
        next = step64(next);
        /* the first of them are the last that are there */
        x[i < separation ? degree - separation + i : i - separation] = (uint32_t)(next >> 32) |
                                                                       (i == 0);
    }
    for (int i = degree; i < degree + COUNT; i++) {
        x[i] = x[i - degree] + x[i - separation];
        CHECK_IS(random(), x[i] >> 1);
    }
}

static void test_states(void)
{
    static const struct {
        size_t size;
        int degree, separation;
    } kinds[] = {{32, 7, 3},   {63, 7, 3},   {64, 15, 1}, {127, 15, 1},
                 {128, 31, 3}, {256, 63, 1}, {300, 63, 1}};
    static uint32_t states[7][75];
    long expected[7], after[7];
    char *last = NULL;

    for (int i = 0; i < 7; i++) {
        char *old = initstate(i + 10, (char *)states[i], kinds[i].size);
        CHECK(i == 0 || old == last);
        last = (char *)states[i];
        check_random(i + 10, kinds[i].degree, kinds[i].separation);
        srandom(77);
        check_random(77, kinds[i].degree, kinds[i].separation);
    }
    /* a state goes on from where it was left, whatever its kind */
    for (int i = 0; i < 7; i++) {
        CHECK(setstate((char *)states[i]) == last);
        last = (char *)states[i];
        expected[i] = random();
        after[i] = random();
    }
    for (int i = 0; i < 7; i++) {
        initstate(77, (char *)states[i], kinds[i].size);
        for (int n = 0; n < 300; n++)
            random();
        CHECK_IS(random(), expected[i]);
        setstate((char *)states[6 - i]);
        random();
        setstate((char *)states[i]);
        if (i != 3)
            CHECK_IS(random(), after[i]);
    }
    /* of eight bytes: a congruential one of 31 bits */
    uint32_t least[2], x = 12345;
    initstate(x, (char *)least, sizeof least);
    for (int i = 0; i < 20; i++) {
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF;
        CHECK_IS(random(), x);
    }
    CHECK(initstate(1, (char *)least, 7) == NULL);
#ifdef LIBC_MIN
    /* what is no state is none */
    static uint32_t none[64] = {7};
    errno = 0;
    CHECK(setstate((char *)none) == NULL && errno == EINVAL);
    none[0] = 8 * 31 + 3;
    CHECK(setstate((char *)none) == NULL);
    x = (x * 1103515245 + 12345) & 0x7FFFFFFF;
    CHECK_IS(random(), x);
#endif
}

static void test_rand(void)
{
    static const unsigned seeds[] = {0, 1, 42, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

    check_rand(1); /* ISO C: as srand(1) */
    check_random(1, 31, 3);
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
        srand(seeds[i]);
        check_rand(seeds[i]);
        srandom(seeds[i]);
        check_random(seeds[i], 31, 3);
    }
    test_states();
}
#endif

int main(void)
{
    test_drand48();
#ifndef __GLIBC__
    test_rand();
#endif
    return check_end();
}
