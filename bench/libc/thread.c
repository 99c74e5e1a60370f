/* The time of mutexes, threads and allocation: lines of `NAME PARAMETER NANOSECONDS`, each the
 * least of several rounds.
 *
 * `mutex 1`: lock and unlock in a process that never had a second thread; `mutex threads`: a second
 * thread exists and sleeps; `mutex 2`: two threads lock the mutex all the time. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7 };

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Returns the least time of one call of `body`, of several rounds of `count` calls. */
static void measure(const char *name, const char *parameter, long count, void (*body)(long))
{
    double least = 0;

    for (int round = 0; round < ROUNDS; round++) {
        double start = now(), took;
        body(count);
        took = (now() - start) / (double)count;
        if (!round || took < least)
            least = took;
    }
    printf("%s %s %.2f\n", name, parameter, least);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void lock_and_unlock(long count)
{
    while (count--) {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
    }
}

static void *lock_thread(void *count)
{
    lock_and_unlock((long)count);
    return NULL;
}

static void two_lock(long count)
{
    pthread_t thread;

    pthread_create(&thread, NULL, lock_thread, (void *)(count / 2));
    lock_and_unlock(count / 2);
    pthread_join(thread, NULL);
}

static void *nothing(void *argument)
{
    return argument;
}

static void create_and_join(long count)
{
    pthread_t thread;

    while (count--) {
        pthread_create(&thread, NULL, nothing, NULL);
        pthread_join(thread, NULL);
    }
}

static sem_t hold;

static void *sleeper(void *argument)
{
    sem_wait(&hold);
    return argument;
}

static void *volatile kept[64];

static void allocate(long count)
{
    for (long i = 0; i < count; i++) {
        free(kept[i % 64]);
        kept[i % 64] = malloc((size_t)(i * 37 % 500) + 1);
    }
}

static void allocate_mapping(long count)
{
    while (count--)
        free(kept[0] = malloc(200 << 10));
    kept[0] = NULL;
}

int main(void)
{
    pthread_t thread;

    measure("mutex", "1", 1000000, lock_and_unlock);
    measure("malloc", "small", 300000, allocate);
    measure("malloc", "200K", 10000, allocate_mapping);
    sem_init(&hold, 0, 0);
    pthread_create(&thread, NULL, sleeper, NULL);
    measure("mutex", "threads", 1000000, lock_and_unlock);
    measure("mutex", "2", 200000, two_lock);
    measure("thread", "create+join", 2000, create_and_join);
    sem_post(&hold);
    pthread_join(thread, NULL);
    return 0;
}
