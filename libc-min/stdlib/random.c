/* random(): additive feedback over a state of 8 to 256 bytes, which the program may provide (POSIX,
 * initstate()). x[i] = x[i - degree] + x[i - separation]: the trinomials are primitive, so the
 * period is about 2^degree. The first word of a state has its kind and position. The numbers are
 * musl's, because programs print them. Seen in musl: how a state is filled, where it begins, and
 * that no number is discarded. */
#include "alias.h"
#include "lock.h"
#include "unload.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* By size of the state, bytes. Zierler and Brillhart, On Primitive Trinomials (Mod 2), 1968. */
static const struct {
    size_t size;
    int degree;
    int separation;
} kinds[] = {{8, 0, 0}, {32, 7, 3}, {64, 15, 1}, {128, 31, 3}, {256, 63, 1}};

HIDDEN lock_t __random_lock; /* fork() takes it */
static uint32_t initial[32];
static uint32_t *state; /* NULL: no number has been requested yet; [0]: the kind */
static int kind = 3;
static int place;

static void state_save(void)
{
    if (state)
        state[0] = (uint32_t)(place * 8 + kind);
}

static uint32_t state_next(void)
{
    uint32_t *words = state + 1, sum;
    int degree = kinds[kind].degree, other = place - kinds[kind].separation;

    if (!degree)
        return words[0] = (words[0] * 1103515245 + 12345) & 0x7FFFFFFF;
    sum = words[place] += words[other < 0 ? other + degree : other];
    place = place + 1 < degree ? place + 1 : 0;
    return sum >> 1;
}

/* Another generator, Knuth's of MMIX (TAOCP 2, 3.3.4), fills the state. */
static void state_seed(unsigned seed)
{
    int degree = kinds[kind].degree;
    uint64_t next = seed;

    place = kinds[kind].separation;
    if (!degree) {
        state[1] = seed;
        return;
    }
    for (int i = 0; i < degree; i++) {
        next = next * UINT64_C(6364136223846793005) + 1;
        state[1 + i] = (uint32_t)(next >> 32);
    }
    state[1] |= 1; /* one odd word is enough for the full period */
}

static void state_begin(void)
{
    if (state)
        return;
    state = initial;
    state_seed(1);
}

void srandom(unsigned seed)
{
    lock_take(&__random_lock);
    if (!state)
        state = initial;
    state_seed(seed);
    lock_release(&__random_lock);
}

long random(void)
{
    long number;

    lock_take(&__random_lock);
    state_begin();
    number = (long)state_next();
    lock_release(&__random_lock);
    return number;
}

char *initstate(unsigned seed, char *memory, size_t size)
{
    char *old;

    if (size < kinds[0].size) {
        errno = EINVAL;
        return NULL;
    }
    lock_take(&__random_lock);
    state_begin();
    state_save();
    old = (char *)state;
    for (kind = 4; size < kinds[kind].size; kind--)
        ;
    state = (uint32_t *)(void *)memory;
    state_seed(seed);
    state_save();
    lock_release(&__random_lock);
    return old;
}

/* A state that initstate() did not make may have any contents: then the old state stays. */
char *setstate(char *memory)
{
    uint32_t first = *(uint32_t *)(void *)memory, begun = first / 8;
    size_t which = first % 8;
    char *old;

    if (which >= sizeof kinds / sizeof kinds[0] ||
        (begun && begun >= (uint32_t)kinds[which].degree)) {
        errno = EINVAL;
        return NULL;
    }
    lock_take(&__random_lock);
    state_begin();
    state_save();
    old = (char *)state;
    state = (uint32_t *)(void *)memory;
    kind = (int)(state[0] % 8);
    place = (int)(state[0] / 8);
    lock_release(&__random_lock);
    return old;
}

HIDDEN void __random_forget(const void *start, const void *end);

/* dlclose() of a library with the memory of a state: the contents move to the library's own memory.
 * If they cannot, the numbers begin anew. */
void __random_forget(const void *start, const void *end)
{
    lock_take(&__random_lock);
    if (address_within(state, start, end)) {
        uint32_t *copy = malloc(kinds[kind].size);
        if (copy) {
            memcpy(copy, state, kinds[kind].size);
            state = copy;
        } else {
            kind = 3;
            state = NULL;
            state_begin();
        }
    }
    lock_release(&__random_lock);
}
