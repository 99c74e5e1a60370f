#include <stdlib.h>

/* The state is one word: a congruential step, then a mix of the bits (tempering, as in Matsumoto
 * and Nishimura, ACM TOMACS 8(1), 1998), because the lower bits alone have short periods. */
int rand_r(unsigned *state)
{
    unsigned bits = *state = *state * 1103515245 + 12345;

    bits ^= bits >> 11;
    bits ^= bits << 7 & 0x9D2C5680;
    bits ^= bits << 15 & 0xEFC60000;
    bits ^= bits >> 18;
    return (int)(bits >> 1);
}
