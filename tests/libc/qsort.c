/* qsort(), qsort_r(), bsearch(), lfind(), lsearch(). */
#include "check.h"
#include <errno.h>
#include <search.h>
#include <setjmp.h>
#include <sys/resource.h>

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
#define KILLED 60000
static int values[KILLED], solid, candidate, gas = KILLED;
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

    solid = 0, candidate = -1, killer_calls = 0;
    for (int i = 0; i < KILLED; i++)
        array[i] = i, values[i] = gas;
    qsort(array, KILLED, sizeof *array, compare_killer);
    CHECK(killer_calls < 60ul * KILLED); /* n log n is 16 n; n^2 is 60000 n */
    for (int i = 1; i < KILLED; i++)
        CHECK(values[array[i - 1]] <= values[array[i]]);
}

/* The same answer for a while, then another; or another each time. */
static int nonsense_changes;

static int compare_nonsense(const void *one, const void *other)
{
    static int answer, left;
    static int seen;

    seen = *(const volatile int *)one + *(const volatile int *)other; /* which must be there */
    if (left-- <= 0) {
        answer = (int)(random_next() % 3) - 1;
        left = nonsense_changes || random_next() % 2 ? 0 : (int)(random_next() % 8000);
    }
    (void)seen;
    return answer;
}

/* Elements of every kind of width, which begin with a number of up to four bytes. */
static const size_t widths[] = {1,  2,  3,  4,  5,  7,  8,  9,   12,  15,
                                16, 17, 24, 31, 32, 33, 40, 100, 128, 200};
enum { WIDTHS = sizeof widths / sizeof widths[0] };

static size_t width;

static unsigned number_of(const void *element)
{
    unsigned number = 0;

    memcpy(&number, element, width < 4 ? width : 4);
    return number;
}

/* The number, and all that follows from it: a mixture of two elements is found. */
static void element_put(unsigned char *element, unsigned number)
{
    for (size_t i = 0; i < width; i++)
        element[i] = (unsigned char)(i < 4 ? number >> 8 * i : number * 7 + i);
}

static int element_is_whole(const unsigned char *element)
{
    unsigned number = number_of(element);

    for (size_t i = 4; i < width; i++)
        if (element[i] != (unsigned char)(number * 7 + i))
            return 0;
    return 1;
}

static int compare_numbers(const void *one, const void *other)
{
    unsigned a = number_of(one), b = number_of(other);

    return (a > b) - (a < b);
}

/* Every length up to some, and a few longer ones, sorted against a count of each number; the array
 * ends where a page does, or begins there. */
static void test_widths(void)
{
    static unsigned before[65536], after[65536];
    enum { ROOM = 60 * 1024 / 4096 * 4096 };
    unsigned char *room = page_edge(ROOM);

    for (size_t i = 0; i < WIDTHS; i++) {
        width = widths[i];
        for (size_t count = 0; count * width <= ROOM; count += count < 80 ? 1 : count / 3) {
            unsigned char *array = count % 2 ? room : room + ROOM - count * width;
            unsigned different = width == 1 || count % 3 == 0 ? 100 : 65536;

            memset(before, 0, sizeof before);
            memset(after, 0, sizeof after);
            for (size_t j = 0; j < count; j++) {
                /* random, nearly in order, or an organ pipe */
                unsigned number = count % 5 == 1 && j % 16 ? (unsigned)j
                                  : count % 5 == 2 ? (unsigned)(j < count / 2 ? j : count - j)
                                                   : (unsigned)random_next();

                element_put(array + j * width, number % different);
                before[number % different]++;
            }
            qsort(array, count, width, compare_numbers);
            for (size_t j = 0; j < count; j++) {
                CHECK(j == 0 || number_of(array + (j - 1) * width) <= number_of(array + j * width));
                CHECK(element_is_whole(array + j * width));
                after[number_of(array + j * width)]++;
            }
            CHECK(memcmp(before, after, sizeof before) == 0);
        }
    }
}

static void nonsense_sort(unsigned char *array, size_t count)
{
    unsigned long sum = 0;

    for (size_t i = 0; i < count; i++)
        element_put(array + i * width, (unsigned)i);
    qsort(array, count, width, compare_nonsense);
    for (size_t i = 0; i < count; i++) {
        CHECK(element_is_whole(array + i * width));
        sum += number_of(array + i * width);
    }
    CHECK_IS(sum, count * (count - 1) / 2);
}

/* A comparison that contradicts itself: nothing outside of the array is touched, nothing lost. */
static void test_nonsense(void)
{
    enum { ROOM = 15 * 4096 };
    unsigned char *array = page_edge(ROOM);

    for (int round = 0; round < 600; round++) {
        do
            width = widths[random_next() % WIDTHS];
        while (width < 4); /* compare_nonsense() looks at an int */
        nonsense_changes = round % 3 == 0;
        nonsense_sort(array, round % 2 ? random_next() % 40 : ROOM / width);
    }
}

/* Where there is no memory the order is found all the same, and errno is as it was. */
static void test_no_memory(void)
{
    static const size_t some[] = {3, 4, 8, 24, 100};
    enum { COUNT = 60000 };
    size_t bytes = 4096 * 1500, page = 4096;
    unsigned char *map =
        mmap(NULL, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct rlimit limit, none;

    CHECK(map != MAP_FAILED && mprotect(map + bytes, page, PROT_NONE) == 0);
    CHECK(getrlimit(RLIMIT_AS, &limit) == 0);
    none = limit;
    none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_AS, &none) == 0);
    while (malloc(COUNT * 3)) /* what malloc() keeps of freed memory; else this is no test */
        ;
#ifndef __GLIBC__ /* whose quicksort without memory is quadratic, and leaves the array (2.36) */
    test_worst_case();
#endif
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        unsigned char *array;

        width = some[i];
        array = map + bytes - COUNT * width;
        for (size_t j = 0; j < COUNT; j++)
            element_put(array + j * width, (unsigned)random_next());
        errno = EXDEV;
        qsort(array, COUNT, width, compare_numbers);
        CHECK_IS(errno, EXDEV);
        for (size_t j = 0; j < COUNT; j++) {
            CHECK(j == 0 || number_of(array + (j - 1) * width) <= number_of(array + j * width));
            CHECK(element_is_whole(array + j * width));
        }
#ifndef __GLIBC__
        for (int round = 0; width >= 4 && round < 4; round++) {
            nonsense_changes = round % 2;
            nonsense_sort(array, COUNT);
        }
#endif
    }
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    munmap(map, bytes + page);
}

static jmp_buf out;
static int calls_left;

static int compare_and_leave(const void *one, const void *other)
{
    if (--calls_left == 0)
        longjmp(out, 1);
    return compare_ints(one, other);
}

/* A comparison may leave for good; the array may then hold anything, its surroundings are whole,
 * and another sort works. */
static void test_longjmp(void)
{
    static int array[3002];

    for (int calls = 1; calls < 30000; calls = calls * 3 / 2 + 1) {
        for (int i = 0; i < 3002; i++)
            array[i] = (int)(random_next() >> 40);
        array[0] = array[3001] = -1;
        calls_left = calls;
        if (setjmp(out) == 0)
            qsort(array + 1, 3000, sizeof *array, compare_and_leave);
        CHECK(array[0] == -1 && array[3001] == -1);
        qsort(array + 1, 3000, sizeof *array, compare_ints);
        for (int i = 2; i < 3001; i++)
            CHECK(array[i - 1] <= array[i]);
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
    test_widths();
    test_nonsense();
    test_no_memory();
    test_longjmp();
    test_qsort_r();
    test_search();
    return check_end();
}
