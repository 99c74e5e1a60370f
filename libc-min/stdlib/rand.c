/* rand(): a linear congruential generator of 64 bits with the multiplier of Knuth's MMIX (TAOCP 2,
 * 3.3.4); the upper bits are returned. The numbers are musl's, because programs print them. Seen in
 * musl: the increment is 1, and the first state is the seed minus 1. The state is one word, so that
 * threads lose nothing but each other's numbers. */
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
