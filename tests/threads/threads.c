/* rt's locks, its constructors, and dlopen(), dlclose() and lazy binding in several threads, under
 * ThreadSanitizer. The libraries are real ones (tests/rt-threads.bats makes them) that use no libc;
 * what runs in them is not watched, only rt is.
 *
 *     threads TEST [LIBRARY]...        silent and 0, or what is wrong and 1; a race: 66
 */
#include "rt/debug.h"
#include "rt/dl.c"
#include "rt/end.h"
#include "rt/lock.c"
#include "rt/lookup.h"
#include "rt/search.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

__thread void *test_thread;

/* Not protected: the first part of rt's data has no pages of its own here. */
struct fixed fixed;
bool fixed_open(struct problem *problem)
{
    (void)problem;
    return true;
}
bool fixed_close(struct problem *problem)
{
    (void)problem;
    return true;
}

/* Of main.c, debug.c and the hand-off: not there, or not wanted. */
_Noreturn void problem_end(const struct problem *problem)
{
    fprintf(stderr, "%s\n", problem->text);
    exit(1);
}
void debug_state(int state)
{
    (void)state;
}

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "wrong: %s\n", what);
    exit(1);
}

/* --- threads that rt knows */

enum { THREADS = 4 };

struct start {
    void *(*run)(void *argument);
    void *argument;
};

static void *enter(void *data)
{
    struct start *start = data;
    void *memory = calloc(1, tls_size() + 64);
    test_thread = tls_make(memory);
    void *answer = start->run(start->argument);
    tls_free(test_thread);
    free(memory);
    free(start);
    return answer;
}

static pthread_t begin(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    struct start *start = malloc(sizeof *start);
    *start = (struct start){run, argument};
    require(pthread_create(&thread, NULL, enter, start) == 0, "pthread_create");
    return thread;
}

static void all(void *(*run)(void *), unsigned count)
{
    pthread_t threads[2 * THREADS];
    for (unsigned i = 0; i < count; i++)
        threads[i] = begin(run, (void *)(uintptr_t)i);
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

/* --- locks */

static unsigned long counted; /* under the lock that is tested; no atomic operation */

static void *count_leaf(void *unused)
{
    for (int i = 0; i < 5000; i++) {
        leaf_lock_take(LEAF_BINDING);
        counted++;
        leaf_lock_release(LEAF_BINDING);
    }
    return unused;
}

static void *count_linker(void *unused)
{
    for (int i = 0; i < 5000; i++) {
        linker_lock_take();
        linker_lock_take();
        counted++;
        linker_lock_release();
        counted++;
        linker_lock_release();
    }
    return unused;
}

static void leaf(void)
{
    all(count_leaf, THREADS);
    require(counted == THREADS * 5000ul, "the count under a leaf lock");
}

static void linker(void)
{
    all(count_linker, THREADS);
    require(counted == 2 * THREADS * 5000ul, "the count under the linker's lock");
}

/* Two threads ask again as soon as they have released, and never stop; two others get their turns
 * all the same. */
static int turns_left = 2 * 300;

static void *hog(void *unused)
{
    while (__atomic_load_n(&turns_left, __ATOMIC_RELAXED) > 0) {
        linker_lock_take();
        for (int i = 0; i < 2000; i++)
            arch_pause();
        linker_lock_release();
    }
    return unused;
}

static void *turns(void *number)
{
    if ((uintptr_t)number < 2)
        return hog(number);
    for (int i = 0; i < 300; i++) {
        linker_lock_take();
        linker_lock_release();
        __atomic_sub_fetch(&turns_left, 1, __ATOMIC_RELAXED);
    }
    return number;
}

static void fair(void)
{
    all(turns, 4);
}

/* --- who waits sleeps in futex(2) */

static int waiter; /* its thread number, for /proc */

/* Until the waiter is where it is to be; else the test does not end. */
static void await_sleep(void)
{
    char path[64], text[64] = "";
    int thread;
    do {
        usleep(1000);
        thread = __atomic_load_n(&waiter, __ATOMIC_ACQUIRE);
    } while (thread == 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", thread);
    while (atoi(text) != SYS_futex) {
        FILE *file = fopen(path, "r");
        require(file != NULL && fgets(text, sizeof text, file) != NULL, path);
        fclose(file);
        usleep(1000);
    }
}

static void *wait_leaf(void *unused)
{
    __atomic_store_n(&waiter, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    leaf_lock_take(LEAF_TLS);
    leaf_lock_release(LEAF_TLS);
    return unused;
}

static int order; /* how many have had the linker's lock; under it */

static void *wait_linker(void *mine)
{
    __atomic_store_n(&waiter, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    linker_lock_take();
    if (mine != NULL)
        *(int *)mine = ++order;
    linker_lock_release();
    return mine;
}

/* `enter` itself takes LEAF_TLS: the waiter is a thread without rt. */
static void sleeps_leaf(void)
{
    pthread_t thread;
    leaf_lock_take(LEAF_TLS);
    require(pthread_create(&thread, NULL, wait_leaf, NULL) == 0, "pthread_create");
    await_sleep();
    leaf_lock_release(LEAF_TLS);
    pthread_join(thread, NULL);
}

static void sleeps_linker(void)
{
    linker_lock_take();
    pthread_t first = begin(wait_linker, NULL);
    await_sleep(); /* for the lock */
    __atomic_store_n(&waiter, 0, __ATOMIC_RELEASE);
    pthread_t second = begin(wait_linker, NULL);
    await_sleep(); /* in the queue */
    linker_lock_release();
    pthread_join(first, NULL);
    pthread_join(second, NULL);
}

/* A waiter from under which the lock has been taken once gets it at the next release, before who
 * comes then. */
static void once_only(void)
{
    int first, self;
    for (int round = 0; round < 10; round += self != 0) {
        first = order = 0;
        linker_lock_take();
        __atomic_store_n(&waiter, 0, __ATOMIC_RELEASE);
        pthread_t thread = begin(wait_linker, &first);
        await_sleep();
        linker_lock_release();
        linker_lock_take();
        bool lost = first == 0; /* the waiter was not faster */
        if (lost)
            await_sleep(); /* again */
        linker_lock_release();
        linker_lock_take();
        self = lost ? ++order : 0;
        linker_lock_release();
        pthread_join(thread, NULL);
        require(self == 0 || (first == 1 && self == 2), "the order");
    }
}

/* A child has the lock of the thread that forks, and not the queue of its parent. */
static void fork_queue(void)
{
    linker_lock_take();
    pthread_t first = begin(wait_linker, NULL);
    await_sleep();
    __atomic_store_n(&waiter, 0, __ATOMIC_RELEASE);
    pthread_t second = begin(wait_linker, NULL);
    await_sleep();
    lock_fork(0);
    pid_t child = fork();
    lock_fork(child == 0 ? 2 : 1);
    linker_lock_release();
    if (child == 0) {
        alarm(10);
        for (int i = 0; i < 3; i++) {
            linker_lock_take();
            linker_lock_release();
            leaf_lock_take(LEAF_TLS);
            leaf_lock_release(LEAF_TLS);
        }
        linker_lock_wait(); /* nobody is before it in the queue */
        _exit(0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    require(status == 0, "the child's locks");
    pthread_join(first, NULL);
    pthread_join(second, NULL);
}

/* --- constructors, dlopen(), dlclose(), binding */

static char **libraries;
static unsigned library_count;

/* As dlopen() and dlclose() of libc-min, which report what is wrong; here nothing may be. */
static void *opened(const char *name, int flags)
{
    struct problem problem;
    void *handle = NULL;
    if (!dl_table.open(name, flags, NULL, &handle, &problem)) {
        fprintf(stderr, "%s\n", problem.text);
        exit(1);
    }
    return handle;
}

static void closed_again(void *handle)
{
    struct problem problem;
    require(dl_table.close(handle, &problem), "dlclose");
}

static void *symbol(void *handle, const char *name)
{
    struct problem problem;
    void *address = NULL;
    if (!dl_table.symbol(handle, name, NULL, NULL, &address, &problem)) {
        fprintf(stderr, "%s\n", problem.text);
        exit(1);
    }
    return address;
}

static int call(void *handle, const char *name)
{
    return ((int (*)(void))(uintptr_t)symbol(handle, name))();
}

/* A library's `ready` is 1 when its constructors have run, and they have to have. */
static void *open_and_close(void *number)
{
    for (int i = 0; i < 60; i++) {
        const char *name = libraries[((uintptr_t)number + (unsigned)i) % library_count];
        void *handle = opened(name, RTLD_LAZY | (i % 5 == 0 ? RTLD_GLOBAL : 0));
        require(call(handle, "ready") == 1, "its constructor has run, once");
        closed_again(handle);
    }
    return number;
}

/* The first lazy calls of a library that others open and close too, and what they bind to. */
static void *bind_and_close(void *number)
{
    for (int i = 0; i < 60; i++) {
        const char *name = libraries[((uintptr_t)number + (unsigned)i) % library_count];
        void *handle = opened(name, RTLD_LAZY);
        require(call(handle, "calls") == 42, "what lazy calls answer");
        require(*(int *)symbol(handle, "variable") == 7, "a thread-local variable");
        closed_again(handle);
    }
    return number;
}

static void construct(void)
{
    all(open_and_close, THREADS);
}

static void *bind_or_open(void *number)
{
    return (uintptr_t)number % 2 == 0 ? bind_and_close(number) : open_and_close(number);
}

static void binding(void)
{
    all(bind_or_open, 2 * THREADS);
}

/* All bind the same slots of the same library at once. */
static void *shared;
static void *bind_shared(void *number)
{
    require(call(shared, "calls") == 42, "what lazy calls answer");
    return number;
}

static void same_slots(void)
{
    for (int i = 0; i < 50; i++) {
        shared = opened(libraries[0], RTLD_LAZY);
        all(bind_shared, THREADS);
        closed_again(shared);
    }
}

/* A thread waits for another's constructors, in futex(2). They wait for a word of ours to be 1,
 * after they have set it to -1. */
static int construct_now;
static void *slow(void *unused)
{
    void *handle = opened(libraries[0], RTLD_LAZY);
    closed_again(handle);
    return unused;
}

static void *wait_constructor(void *unused)
{
    __atomic_store_n(&waiter, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    return open_and_close(unused);
}

static void sleeps_constructor(void)
{
    init_arguments(0, (char **)&construct_now, NULL);
    pthread_t first = begin(slow, NULL);
    while (__atomic_load_n(&construct_now, __ATOMIC_ACQUIRE) == 0)
        usleep(1000);
    pthread_t second = begin(wait_constructor, NULL);
    await_sleep();
    __atomic_store_n(&construct_now, 1, __ATOMIC_RELEASE);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
}

/* exit() runs destructors while another thread opens what it has destructed, or has not yet. */
static void *open_only(void *number)
{
    for (int i = 0; i < 60; i++)
        closed_again(opened(libraries[i % library_count], RTLD_LAZY));
    return number;
}

static void at_exit(void)
{
    pthread_t thread = begin(open_only, NULL);
    for (unsigned i = 0; i < library_count; i++)
        opened(libraries[i], RTLD_LAZY);
    fini_process();
    pthread_join(thread, NULL);
}

/* --- not of threads: what only a note of another loader can say */

/* The linker's path is longer than any file's: nothing is written past the result. */
static void long_linker(void)
{
    static char name[8000];
    static struct {
        struct search_result result;
        char behind[sizeof name];
    } room;
    struct problem problem;
    for (size_t length = 4080; length < sizeof name; length += length < 4110 ? 1 : 3000) {
        memset(name, 'f', length);
        memcpy(name + length - 14, "/ld-uexec.so.1", 15);
        fixed.search.linker = name;
        require(!search_open_libc(&room.result, fixed.program, &problem), "there is none");
        require(strstr(problem.text, " cannot be opened (File name too long; ") != NULL,
                problem.text);
        for (size_t i = 0; i < sizeof room.behind; i++)
            require(room.behind[i] == 0, "what is behind it");
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"leaf", leaf},
        {"linker", linker},
        {"fair", fair},
        {"once", once_only},
        {"sleeps-leaf", sleeps_leaf},
        {"sleeps-linker", sleeps_linker},
        {"sleeps-constructor", sleeps_constructor},
        {"fork", fork_queue},
        {"construct", construct},
        {"binding", binding},
        {"same-slots", same_slots},
        {"exit", at_exit},
        {"long-linker", long_linker},
    };
    struct problem problem;
    rules_choose(NULL);
    require(argc > 1, "a test's name");
    libraries = argv + 2;
    library_count = (unsigned)argc - 2;
    fixed.table = &dl_table;
    fixed.program = object_new("threads");
    fixed.program->is_program = true;
    fixed.program->permanent = true;
    fixed.program->state = OBJECT_READY;
    object_append(fixed.program);
    require(scope_add(&scope_global, fixed.program), "memory");
    require(tls_add(fixed.program, true, &problem) && tls_start(64, 64), "memory");
    lock_needed();
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (strcmp(argv[1], tests[i].name) == 0) {
            tests[i].run();
            return 0;
        }
    require(false, "no such test");
}
