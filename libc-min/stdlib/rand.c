/* rand(): a linear congruential generator of 64 bits with the multiplier of Knuth's MMIX (TAOCP 2,
 * 3.3.4), of which the upper bits are given. The numbers are those of musl, because its programs
 * print them: that it adds 1, and begins one below the seed, was seen there. The state is one word,
 * so threads lose nothing but each other's numbers. */
#include <stdint.h>
#include <stdlib.h>

static uint64_t state;

void srand(unsigned seed)
{
    state = seed - 1;
}

int rand(void)
{
    uint64_t next = __atomic_load_n(&state, __ATOMIC_RELAXED);

    next = next * UINT64_C(6364136223846793005) + 1;
    __atomic_store_n(&state, next, __ATOMIC_RELAXED);
    return (int)(next >> 33);
}
