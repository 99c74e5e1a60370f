/* The drand48() family: X' = (a * X + c) mod 2^48, with POSIX's a and c. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MASK      ((UINT64_C(1) << 48) - 1)
#define SEED_HALF 0x330E /* srand48(): the lower 16 bits of X */

static uint64_t multiplier = 0x5DEECE66D;
static uint64_t addend = 0xB;
static unsigned short own[3]; /* 0 without a seed, as in musl and glibc */

static uint64_t words_value(const unsigned short words[3])
{
    return (uint64_t)words[2] << 32 | (uint64_t)words[1] << 16 | words[0];
}

static uint64_t step(unsigned short words[3])
{
    uint64_t next = (words_value(words) * multiplier + addend) & MASK;

    words[0] = (unsigned short)next;
    words[1] = (unsigned short)(next >> 16);
    words[2] = (unsigned short)(next >> 32);
    return next;
}

double erand48(unsigned short words[3])
{
    return (double)step(words) * 0x1p-48;
}

long nrand48(unsigned short words[3])
{
    return (long)(step(words) >> 17);
}

long jrand48(unsigned short words[3])
{
    return (int32_t)(uint32_t)(step(words) >> 16);
}

double drand48(void)
{
    return erand48(own);
}

long lrand48(void)
{
    return nrand48(own);
}

long mrand48(void)
{
    return jrand48(own);
}

void srand48(long seed)
{
    seed48((unsigned short[3]){SEED_HALF, (unsigned short)seed, (unsigned short)(seed >> 16)});
}

unsigned short *seed48(unsigned short seed[3])
{
    static unsigned short old[3];

    memcpy(old, own, sizeof old);
    memcpy(own, seed, sizeof own);
    multiplier = 0x5DEECE66D;
    addend = 0xB;
    return old;
}

void lcong48(unsigned short words[7])
{
    memcpy(own, words, sizeof own);
    multiplier = words_value(words + 3);
    addend = words[6];
}
