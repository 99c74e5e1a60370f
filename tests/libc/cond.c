/* Conditions: no signal is lost, whoever leaves by a timeout, between threads and between
 * processes; the oldest waiter is first; what a child of fork(2) does with a condition that others
 * wait for. */
#include "check.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { WAITERS = 6, TOKENS = 8000 };

/* In memory that processes share. */
static struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t filled, seen;
    int tokens, taken, waiting, turn, last;
} * s;

static void shared_init(int between_processes)
{
    pthread_mutexattr_t mutex_attr;
    pthread_condattr_t attr;

    memset(s, 0, sizeof *s);
    pthread_mutexattr_init(&mutex_attr);
    pthread_condattr_init(&attr);
    if (between_processes) {
        pthread_mutexattr_setpshared(&mutex_attr, PTHREAD_PROCESS_SHARED);
        pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    }
    pthread_mutex_init(&s->mutex, &mutex_attr);
    pthread_cond_init(&s->filled, &attr);
    pthread_cond_init(&s->seen, &attr);
}

static struct timespec from_now(long nanoseconds)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += nanoseconds;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* Takes tokens to the end. `impatient` ones wait at most some microseconds at a time. */
static void *take_tokens(void *impatient)
{
    unsigned long step = (unsigned long)impatient;

    pthread_mutex_lock(&s->mutex);
    while (s->taken < TOKENS) {
        if (s->tokens) {
            s->tokens--;
            s->taken++;
            if (s->taken == TOKENS)
                pthread_cond_broadcast(&s->filled);
            pthread_cond_signal(&s->seen);
        } else if (step) {
            struct timespec until = from_now((long)(step = (step * 7919 + 1) % 50000));
            int error = pthread_cond_timedwait(&s->filled, &s->mutex, &until);
            CHECK(error == 0 || error == ETIMEDOUT);
        } else {
            CHECK_IS(pthread_cond_wait(&s->filled, &s->mutex), 0);
        }
    }
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

/* One signal for each token, with the mutex and without it; a lost one leaves all asleep, and the
 * alarm ends that. */
static void give_tokens(void)
{
    for (int i = 0; i < TOKENS; i++) {
        pthread_mutex_lock(&s->mutex);
        s->tokens++;
        if (i % 2)
            pthread_cond_signal(&s->filled);
        while (s->tokens > 2 && i % 2)
            pthread_cond_wait(&s->seen, &s->mutex);
        pthread_mutex_unlock(&s->mutex);
        if (i % 2 == 0)
            pthread_cond_signal(&s->filled);
    }
}

static void tokens_by_threads(int between_processes)
{
    pthread_t threads[WAITERS];

    shared_init(between_processes);
    alarm(20);
    for (long i = 0; i < WAITERS; i++)
        pthread_create(&threads[i], NULL, take_tokens, (void *)(i % 2 ? i : 0));
    give_tokens();
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
    CHECK_IS(s->taken, TOKENS);
    CHECK_IS(pthread_cond_destroy(&s->filled), 0);
    alarm(0);
}

static void tokens_by_processes(void)
{
    int status;

    shared_init(1);
    for (long i = 0; i < WAITERS; i++)
        if (fork() == 0) {
            alarm(20);
            take_tokens((void *)(i % 2 ? i : 0));
            _exit(check_failures != 0);
        }
    alarm(20);
    give_tokens();
    for (int i = 0; i < WAITERS; i++) {
        CHECK(wait(&status) > 0);
        CHECK_IS(status, 0);
    }
    alarm(0);
    CHECK_IS(s->taken, TOKENS);
}

static void *wait_in_turn(void *number)
{
    pthread_mutex_lock(&s->mutex);
    s->waiting++;
    CHECK_IS(pthread_cond_wait(&s->filled, &s->mutex), 0);
    s->last = (int)(long)number;
    s->turn++;
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

/* Waiters begin one after the other, and each signal wakes the oldest. (A spurious wake, which
 * POSIX allows, does not happen here: nobody is interrupted.) */
static void oldest_first(int between_processes)
{
    pthread_t threads[WAITERS];

    shared_init(between_processes);
    for (long i = 0; i < WAITERS; i++) {
        pthread_create(&threads[i], NULL, wait_in_turn, (void *)i);
        for (int waiting = 0; waiting <= i; sched_yield()) {
            pthread_mutex_lock(&s->mutex);
            waiting = s->waiting;
            pthread_mutex_unlock(&s->mutex);
        }
    }
    for (int i = 0; i < WAITERS; i++) {
        pthread_cond_signal(&s->filled);
        for (int turn = 0; turn <= i; sched_yield()) {
            pthread_mutex_lock(&s->mutex);
            turn = s->turn;
            pthread_mutex_unlock(&s->mutex);
        }
        CHECK_IS(s->last, i);
    }
    for (int i = 0; i < WAITERS; i++)
        pthread_join(threads[i], NULL);
}

static void *take_one(void *unused)
{
    pthread_mutex_lock(&s->mutex);
    s->waiting++;
    while (!s->tokens)
        CHECK_IS(pthread_cond_wait(&s->filled, &s->mutex), 0);
    s->tokens--;
    pthread_mutex_unlock(&s->mutex);
    return NULL;
}

/* Of three waiters the second has left when two signals come: they are for the others. */
static void one_leaves(int between_processes)
{
    pthread_t threads[2];
    struct timespec until;

    shared_init(between_processes);
    alarm(20);
    for (int i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, take_one, NULL);
        for (int waiting = 0; waiting <= i; sched_yield()) {
            pthread_mutex_lock(&s->mutex);
            waiting = s->waiting;
            pthread_mutex_unlock(&s->mutex);
        }
        if (i == 0) {
            until = from_now(1000000);
            pthread_mutex_lock(&s->mutex);
            while (pthread_cond_timedwait(&s->filled, &s->mutex, &until) == 0)
                ;
            pthread_mutex_unlock(&s->mutex);
        }
    }
    pthread_mutex_lock(&s->mutex);
    s->tokens = 2;
    pthread_cond_signal(&s->filled);
    pthread_cond_signal(&s->filled);
    pthread_mutex_unlock(&s->mutex);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK_IS(s->tokens, 0);
    alarm(0);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int state;

static void *wait_for_state(void *unused)
{
    pthread_mutex_lock(&mutex);
    state = 1;
    while (state != 2)
        pthread_cond_wait(&cond, &mutex);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

/* In a child nobody waits: a signal is for those who come, and the condition can be destroyed. */
static void in_a_child(void)
{
#ifdef LIBC_MIN
    pthread_t thread;
    int status;

    pthread_create(&thread, NULL, wait_for_state, NULL);
    for (int seen = 0; !seen; sched_yield()) {
        pthread_mutex_lock(&mutex);
        seen = state;
        pthread_mutex_unlock(&mutex);
    }
    if (fork() == 0) {
        alarm(20);
        state = 0;
        pthread_create(&thread, NULL, wait_for_state, NULL);
        for (int seen = 0; !seen; sched_yield()) {
            pthread_mutex_lock(&mutex);
            seen = state;
            pthread_mutex_unlock(&mutex);
        }
        state = 2;
        pthread_cond_signal(&cond);
        pthread_join(thread, NULL);
        _exit(pthread_cond_destroy(&cond) != 0);
    }
    if (fork() == 0) {
        alarm(20);
        _exit(pthread_cond_destroy(&cond) != 0);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(wait(&status) > 0);
        CHECK_IS(status, 0);
    }
    pthread_mutex_lock(&mutex);
    state = 2;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
#endif
}

int main(void)
{
    s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tokens_by_threads(0);
    tokens_by_threads(1);
    tokens_by_processes();
#ifndef __GLIBC__ /* where a waiter has its place only when it sleeps, after the mutex is free */
    oldest_first(0);
#endif
#ifdef LIBC_MIN /* musl likewise, between processes */
    oldest_first(1);
#endif
    one_leaves(0);
    one_leaves(1);
    in_a_child();
    return check_end();
}
