/* Threads: pthread_create(3) and what is around it. */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { THREADS = 8, ROUNDS = 20000 };

static __thread int own = 5;
static __thread char zeroed[200];
static _Alignas(64) __thread int aligned_own = 9;

static void *see_own(void *argument)
{
    CHECK_IS(own, 5);
    CHECK_IS(zeroed[100], 0);
    CHECK_IS((uintptr_t)&aligned_own % 64, 0);
    CHECK_IS(aligned_own, 9);
    own = 6, zeroed[100] = 1;
    errno = 1234;
    return (char *)argument + 1;
}

/* In pages: proc(5), statm. */
static long address_space(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = -1;

    CHECK_IS(fscanf(file, "%ld", &pages), 1);
    fclose(file);
    return pages;
}

static void create_and_join(void)
{
    char here;
    void *result;
    pthread_t thread;

    errno = 4321;
    CHECK_IS(pthread_create(&thread, NULL, see_own, &here), 0);
    CHECK_IS(pthread_join(thread, &result), 0);
    CHECK(result == &here + 1);
    CHECK_IS(own, 5);
    CHECK_IS(errno, 4321);
    long before = address_space();
    for (int i = 0; i < 2000; i++) { /* nothing is left of each */
        CHECK_IS(pthread_create(&thread, NULL, see_own, &here), 0);
        CHECK_IS(pthread_join(thread, NULL), 0);
    }
    CHECK(address_space() - before < 10000); /* pages */
}

static sem_t done;

static void *post(void *argument)
{
    sem_post(&done);
    return NULL;
}

static void detached(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    int state;

    pthread_attr_init(&attr);
    CHECK_IS(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED), 0);
    pthread_attr_getdetachstate(&attr, &state);
    CHECK_IS(state, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < 1000; i++) {
        CHECK_IS(pthread_create(&thread, i % 2 ? &attr : NULL, post, NULL), 0);
        if (i % 2 == 0)
            CHECK_IS(pthread_detach(thread), 0);
        sem_wait(&done);
    }
    pthread_attr_destroy(&attr);
}

static char *deepest;

static void *use_stack(void *size)
{
    volatile char room[(size_t)size - 16384];

    room[0] = room[sizeof room - 1] = 1;
    deepest = (char *)room;
    return NULL;
}

static void stack_sizes(void)
{
    pthread_attr_t attr, real;
    pthread_t thread;
    size_t size, guard;
    void *stack;

    pthread_attr_init(&attr);
    CHECK_IS(pthread_attr_setstacksize(&attr, 100), EINVAL);
    CHECK_IS(pthread_attr_setstacksize(&attr, 1 << 20), 0);
    CHECK_IS(pthread_attr_setguardsize(&attr, 16384), 0);
    pthread_attr_getguardsize(&attr, &guard);
    CHECK_IS(guard, 16384);
    CHECK_IS(pthread_create(&thread, &attr, use_stack, (void *)(1 << 20)), 0);
    CHECK_IS(pthread_getattr_np(thread, &real), 0);
    CHECK_IS(pthread_attr_getstack(&real, &stack, &size), 0);
    CHECK(size >= 1 << 20 && size < 2 << 20);
    CHECK_IS(pthread_join(thread, NULL), 0);
    CHECK(deepest > (char *)stack && deepest < (char *)stack + size);

    static _Alignas(4096) char given[256 << 10];
    CHECK_IS(pthread_attr_setstack(&attr, given, sizeof given), 0);
    CHECK_IS(pthread_create(&thread, &attr, use_stack, (void *)(128 << 10)), 0);
    CHECK_IS(pthread_join(thread, NULL), 0);
    CHECK(deepest > given && deepest < given + sizeof given);
    pthread_attr_destroy(&attr);

    CHECK_IS(pthread_getattr_np(pthread_self(), &real), 0);
    CHECK_IS(pthread_attr_getstack(&real, &stack, &size), 0);
    CHECK((char *)&size > (char *)stack && (char *)&size < (char *)stack + size);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counted;

static void *count(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(argument ? argument : &mutex);
        counted++;
        pthread_mutex_unlock(argument ? argument : &mutex);
    }
    return NULL;
}

static void all_count(pthread_mutex_t *which)
{
    pthread_t threads[THREADS];

    counted = 0;
    for (int i = 0; i < THREADS; i++)
        CHECK_IS(pthread_create(&threads[i], NULL, count, which), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_IS(pthread_join(threads[i], NULL), 0);
    CHECK_IS(counted, THREADS * ROUNDS);
}

static void *unlock_others(void *which)
{
    return (void *)(intptr_t)pthread_mutex_unlock(which);
}

static void *trylock(void *which)
{
    return (void *)(intptr_t)pthread_mutex_trylock(which);
}

static int elsewhere(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    void *result;

    pthread_create(&thread, NULL, run, argument);
    pthread_join(thread, &result);
    return (int)(intptr_t)result;
}

static void mutexes(void)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t recursive, checked;
    struct timespec past = {1, 0};

    all_count(NULL);
    pthread_mutexattr_init(&attr);
    CHECK_IS(pthread_mutexattr_settype(&attr, 1234), EINVAL);
    CHECK_IS(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE), 0);
    pthread_mutex_init(&recursive, &attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checked, &attr);
    all_count(&recursive);
    all_count(&checked);

    for (int i = 0; i < 3; i++)
        CHECK_IS(pthread_mutex_lock(&recursive), 0);
    CHECK_IS(pthread_mutex_trylock(&recursive), 0);
    CHECK_IS(elsewhere(trylock, &recursive), EBUSY);
    CHECK_IS(elsewhere(unlock_others, &recursive), EPERM);
    for (int i = 0; i < 4; i++)
        CHECK_IS(pthread_mutex_unlock(&recursive), 0);
    CHECK_IS(pthread_mutex_unlock(&recursive), EPERM);

    CHECK_IS(pthread_mutex_lock(&checked), 0);
    CHECK_IS(pthread_mutex_lock(&checked), EDEADLK);
    CHECK_IS(pthread_mutex_trylock(&checked), EBUSY);
    CHECK_IS(pthread_mutex_unlock(&checked), 0);
    CHECK_IS(pthread_mutex_unlock(&checked), EPERM);

    CHECK_IS(pthread_mutex_lock(&mutex), 0);
    CHECK_IS(pthread_mutex_trylock(&mutex), EBUSY);
    CHECK_IS(pthread_mutex_timedlock(&mutex, &past), ETIMEDOUT);
    CHECK_IS(pthread_mutex_unlock(&mutex), 0);
    pthread_mutex_destroy(&recursive);
    pthread_mutex_destroy(&checked);
}

static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
static int box, total;

static void *consume(void *argument)
{
    for (int i = 0; i < ROUNDS / 4; i++) {
        pthread_mutex_lock(&mutex);
        while (!box)
            pthread_cond_wait(&filled, &mutex);
        total += box;
        box = 0;
        pthread_cond_signal(&emptied);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static int go;

static void *wait_for_go(void *argument)
{
    pthread_mutex_lock(&mutex);
    sem_post(&done);
    while (!go)
        pthread_cond_wait(&filled, &mutex);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void conditions(void)
{
    pthread_t threads[THREADS];
    pthread_condattr_t attr;
    pthread_cond_t monotonic;
    struct timespec until;
    long expected = 0;

    pthread_create(&threads[0], NULL, consume, NULL);
    pthread_create(&threads[1], NULL, consume, NULL);
    for (int i = 0; i < 2 * (ROUNDS / 4); i++) {
        pthread_mutex_lock(&mutex);
        while (box)
            pthread_cond_wait(&emptied, &mutex);
        box = i % 100 + 1;
        expected += box;
        pthread_cond_broadcast(&filled);
        pthread_mutex_unlock(&mutex);
    }
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    CHECK_IS(total, expected);

    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, wait_for_go, NULL);
        sem_wait(&done);
    }
    pthread_mutex_lock(&mutex);
    go = 1;
    pthread_cond_broadcast(&filled);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);

    pthread_condattr_init(&attr);
    CHECK_IS(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC), 0);
    pthread_cond_init(&monotonic, &attr);
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += 20000000;
    if (until.tv_nsec >= 1000000000)
        until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&mutex);
    CHECK_IS(pthread_cond_timedwait(&monotonic, &mutex, &until), ETIMEDOUT);
    CHECK_IS(pthread_mutex_trylock(&mutex), EBUSY); /* it is held again */
    until.tv_nsec = 1000000000;
    CHECK_IS(pthread_cond_timedwait(&monotonic, &mutex, &until), EINVAL);
    pthread_mutex_unlock(&mutex);
    pthread_cond_destroy(&monotonic);
    pthread_cond_destroy(&filled);
}

static int destroyed;

static void destroy(void *value)
{
    destroyed += (int)(intptr_t)value;
}

static pthread_key_t key, again_key;

static void destroy_again(void *value)
{
    if ((intptr_t)value > 1)
        pthread_setspecific(again_key, (char *)value - 1);
    destroyed += 100;
}

static void *use_keys(void *argument)
{
    CHECK(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, (void *)3);
    pthread_setspecific(again_key, (void *)3);
    CHECK(pthread_getspecific(key) == (void *)3);
    return NULL;
}

static void *see_key(void *argument)
{
    return pthread_getspecific(key);
}

static void keys(void)
{
    CHECK_IS(pthread_key_create(&key, destroy), 0);
    CHECK_IS(pthread_key_create(&again_key, destroy_again), 0);
    elsewhere(use_keys, NULL);
    CHECK_IS(destroyed, 303);
    pthread_setspecific(key, (void *)7);
    CHECK_IS(pthread_key_delete(key), 0);
    CHECK_IS(pthread_key_create(&key, NULL), 0);
    CHECK(pthread_getspecific(key) == NULL); /* a new key, though its number may be the old one's */
    CHECK_IS(elsewhere(see_key, NULL), 0);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialized;

static void initialize(void)
{
    sched_yield();
    initialized++;
}

static void *call_once(void *argument)
{
    pthread_once(&once, initialize);
    CHECK_IS(initialized, 1);
    return NULL;
}

static void onces(void)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, call_once, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void add(void *argument)
{
    counted += (intptr_t)argument;
}

static void *clean_up(void *argument)
{
    pthread_cleanup_push(add, (void *)1);
    pthread_cleanup_push(add, (void *)10);
    pthread_cleanup_push(add, (void *)100);
    pthread_cleanup_pop(1);
    pthread_exit((void *)5);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

static pthread_t caught_by;

static void catch (int signal)
{
    caught_by = pthread_self();
    sem_post(&done);
}

static sem_t hold;

static void *wait_hold(void *argument)
{
    while (sem_wait(&hold) != 0)
        ;
    return NULL;
}

static void signals(void)
{
    struct sigaction action = {.sa_handler = catch};
    pthread_t thread;
    char name[16];

    sigaction(SIGUSR1, &action, NULL);
    sem_init(&hold, 0, 0);
    pthread_create(&thread, NULL, wait_hold, NULL);
    CHECK_IS(pthread_setname_np(thread, "the other one"), 0);
    CHECK_IS(pthread_getname_np(thread, name, sizeof name), 0);
    CHECK_TEXT(name, "the other one");
    CHECK_IS(pthread_setname_np(thread, "sixteen letters!"), ERANGE);
    CHECK_IS(pthread_kill(thread, SIGUSR1), 0);
    while (sem_wait(&done) != 0)
        ;
    CHECK(pthread_equal(caught_by, thread));
    sem_post(&hold);
    pthread_join(thread, NULL);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static int twins[2];

static void *read_and_write(void *argument)
{
    for (int i = 0; i < ROUNDS / 4; i++) {
        if (i % 4) {
            pthread_rwlock_rdlock(&rwlock);
            CHECK_IS(twins[0], twins[1]);
        } else {
            pthread_rwlock_wrlock(&rwlock);
            twins[0]++;
            twins[1]++;
        }
        pthread_rwlock_unlock(&rwlock);
    }
    return NULL;
}

static pthread_barrier_t barrier;
static int serials;

static void *meet(void *argument)
{
    for (int i = 0; i < 200; i++)
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            __sync_add_and_fetch(&serials, 1);
    return NULL;
}

static void others(void)
{
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, read_and_write, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_IS(twins[0], 4 * (ROUNDS / 16));
    CHECK_IS(pthread_rwlock_rdlock(&rwlock), 0);
    CHECK_IS(pthread_rwlock_tryrdlock(&rwlock), 0);
    CHECK_IS(pthread_rwlock_trywrlock(&rwlock), EBUSY);
    pthread_rwlock_unlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
    pthread_barrier_init(&barrier, NULL, 4);
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, meet, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    CHECK_IS(serials, 200);
}

static volatile int stop;

static void *keep_busy(void *argument)
{
    FILE *null = fopen("/dev/null", "w");

    while (!stop) {
        fprintf(null, "%d", 1);
        fflush(null);
        flockfile(stdout);
        funlockfile(stdout);
        free(malloc(100));
    }
    fclose(null);
    return NULL;
}

/* The child of a process with threads has one thread, and finds no lock held by another. POSIX does
 * not require it; glibc does it, musl 1.2.3 only in part. */
static void forks(void)
{
#if defined(__GLIBC__) || defined(LIBC_MIN)
    pthread_t threads[3];
    int status;

    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, keep_busy, NULL);
    for (int i = 0; i < 200; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            pthread_t thread;
            alarm(5);
            free(malloc(1000));
            flockfile(stdout);
            funlockfile(stdout);
            FILE *null = fopen("/dev/null", "w");
            fprintf(null, "%d", 2);
            fclose(null);
            if (pthread_create(&thread, NULL, see_key, NULL) || pthread_join(thread, NULL))
                _exit(1);
            exit(0);
        }
        CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    }
    stop = 1;
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
#endif
}

int main(void)
{
    sem_init(&done, 0, 0);
    create_and_join();
    detached();
    stack_sizes();
    mutexes();
    conditions();
    keys();
    onces();
    counted = 0;
    CHECK_IS(elsewhere(clean_up, NULL), 5);
    CHECK_IS(counted, 111);
    signals();
    others();
    forks();
    return check_end();
}
