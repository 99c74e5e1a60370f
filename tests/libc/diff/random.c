/* Calls of rand, rand_r, random and the drand48() family in random order: the same numbers as
 * musl's, whose programs print them. Left out: a seed after lcong48(), where musl keeps the
 * multiplier. */
#include "../check.h"

enum { STATES = 6, WORDS = 64 };

static unsigned below(unsigned limit)
{
    return (unsigned)(random_next() % limit);
}

int main(int argc, char **argv)
{
    static unsigned states[STATES][WORDS];
    static int there[STATES];
    unsigned one = 1;
    unsigned short words[3] = {1, 2, 3}, seven[7], *old;
    long rounds = argc > 2 ? atol(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (long round = 0; round < rounds; round++) {
        unsigned number = (unsigned)random_next(), which = below(STATES), count = below(80);
        switch (below(9)) {
        case 0:
            srand(number);
            break;
        case 1:
            srandom(number);
            break;
        case 2:
            one = number;
            break;
        case 3:
            srand48((long)random_next());
            break;
        case 4:
            old = seed48((unsigned short[3]){number, number >> 16, number >> 8});
            printf("seed48 %x %x %x\n", old[0], old[1], old[2]);
            break;
        case 5:
            initstate(number, (char *)states[which], 8 + below(sizeof states[which] - 7));
            there[which] = 1;
            break;
        case 6:
            if (there[which])
                setstate((char *)states[which]);
            break;
        default:
            for (unsigned i = 0; i < count; i++)
                printf("%d %d %ld\n", rand(), rand_r(&one), random());
            for (unsigned i = 0; i < count; i++)
                printf("%ld %ld %a %ld %ld %a\n", lrand48(), mrand48(), drand48(), nrand48(words),
                       jrand48(words), erand48(words));
        }
    }
    for (int i = 0; i < 7; i++)
        seven[i] = (unsigned short)random_next();
    lcong48(seven);
    for (int i = 0; i < 20; i++)
        printf("%ld %ld %a %ld\n", lrand48(), mrand48(), drand48(), nrand48(words));
    return 0;
}
