/* qsort(), qsort_r(), bsearch(), lfind(), lsearch(). */
#include "check.h"
#include <search.h>

static int compare_ints(const void *one, const void *other)
{
    int a = *(const int *)one, b = *(const int *)other;

    return (a > b) - (a < b);
}

static int compare_with(const void *one, const void *other, void *argument)
{
    ++*(unsigned long *)argument;
    return compare_ints(one, other);
}

static void test_small(void)
{
    int none[1] = {5}, three[3] = {3, 1, 2};

    qsort(none, 0, sizeof *none, compare_ints);
    qsort(none, 1, sizeof *none, compare_ints);
    CHECK_IS(none[0], 5);
    qsort(three, 3, sizeof *three, compare_ints);
    CHECK(three[0] == 1 && three[1] == 2 && three[2] == 3);
}

/* Every permutation of eight. */
static void permute(int *array, int fixed)
{
    int copy[8];

    if (fixed == 8) {
        memcpy(copy, array, sizeof copy);
        qsort(copy, 8, sizeof *copy, compare_ints);
        for (int i = 0; i < 8; i++)
            if (copy[i] != i)
                CHECK(!"in order");
        return;
    }
    for (int i = fixed; i < 8; i++) {
        int held = array[fixed];

        array[fixed] = array[i];
        array[i] = held;
        permute(array, fixed + 1);
        array[i] = array[fixed];
        array[fixed] = held;
    }
}

/* McIlroy, A Killer Adversary for Quicksort (Software: Practice and Experience 29(4), 1999): it
 * decides what elements are while they are compared, so that every pivot is a bad one. */
#define KILLED 20000
static int values[KILLED], solid, candidate = -1, gas = KILLED;
static unsigned long killer_calls;

static int compare_killer(const void *one, const void *other)
{
    int a = *(const int *)one, b = *(const int *)other;

    killer_calls++;
    if (values[a] == gas && values[b] == gas)
        values[a == candidate ? a : b] = solid++;
    if (values[a] == gas)
        candidate = a;
    else if (values[b] == gas)
        candidate = b;
    return (values[a] > values[b]) - (values[a] < values[b]);
}

static void test_worst_case(void)
{
    static int array[KILLED];

    for (int i = 0; i < KILLED; i++)
        array[i] = i, values[i] = gas;
    qsort(array, KILLED, sizeof *array, compare_killer);
    CHECK(killer_calls < 60ul * KILLED); /* n log n is 14 n; n^2 is 20000 n */
    for (int i = 1; i < KILLED; i++)
        CHECK(values[array[i - 1]] <= values[array[i]]);
}

/* The same answer for a while, then another. */
static int compare_nonsense(const void *one, const void *other)
{
    static int answer, left;
    static int seen;

    seen = *(const volatile int *)one + *(const volatile int *)other; /* which must be there */
    if (left-- <= 0) {
        answer = (int)(random_next() % 3) - 1;
        left = random_next() % 2 ? 0 : (int)(random_next() % 8000);
    }
    (void)seen;
    return answer;
}

/* A comparison that contradicts itself: nothing outside of the array is touched, nothing lost. */
static void test_nonsense(void)
{
    size_t count = 3000;
    int *array = page_edge(count * sizeof *array);

    for (int round = 0; round < 300; round++) {
        long sum = 0;

        for (size_t i = 0; i < count; i++)
            array[i] = (int)i;
        qsort(array, count, sizeof *array, compare_nonsense);
        for (size_t i = 0; i < count; i++)
            sum += array[i];
        CHECK_IS(sum, (long)(count * (count - 1) / 2));
    }
}

static void test_qsort_r(void)
{
    unsigned long calls = 0;
    int array[100];

    for (int i = 0; i < 100; i++)
        array[i] = i * 37 % 100;
    qsort_r(array, 100, sizeof *array, compare_with, &calls);
    for (int i = 0; i < 100; i++)
        CHECK_IS(array[i], i);
    CHECK(calls >= 99);
}

static void test_search(void)
{
    int array[] = {1, 3, 5, 7, 9}, key = 7;
    size_t count = 5;
    int table[6] = {4, 2, 8};

    for (int i = 0; i <= 10; i++) {
        int *found = bsearch(&i, array, count, sizeof *array, compare_ints);

        CHECK(i % 2 ? found && *found == i : !found);
    }
    CHECK(!bsearch(&key, array, 0, sizeof *array, compare_ints));
    count = 3;
    CHECK(!lfind(&key, table, &count, sizeof *table, compare_ints));
    CHECK(lsearch(&key, table, &count, sizeof *table, compare_ints) == table + 3);
    CHECK_IS(count, 4);
    CHECK(lsearch(&key, table, &count, sizeof *table, compare_ints) == table + 3);
    CHECK_IS(count, 4);
}

int main(void)
{
    int eight[8] = {0, 1, 2, 3, 4, 5, 6, 7};

    test_small();
    permute(eight, 0);
    test_worst_case();
    test_nonsense();
    test_qsort_r();
    test_search();
    return check_end();
}
