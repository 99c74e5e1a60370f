/* <threads.h>: ISO C 7.26. */
#include "check.h"
#include <threads.h>
#include <time.h>

static once_flag once = ONCE_FLAG_INIT;
static mtx_t mutex, recursive;
static cnd_t cond;
static tss_t key;
static int called, destroyed, ready;

static void call(void)
{
    called++;
}

static void destroy(void *value)
{
    destroyed += (int)(intptr_t)value;
}

static int run(void *argument)
{
    call_once(&once, call);
    CHECK(tss_get(key) == NULL);
    CHECK_IS(tss_set(key, (void *)10), thrd_success);
    mtx_lock(&mutex);
    CHECK_IS(mtx_trylock(&recursive), thrd_busy);
    ready = 1;
    cnd_signal(&cond);
    mtx_unlock(&mutex);
    if (argument)
        thrd_exit(-8);
    return -7;
}

int main(void)
{
    struct timespec until;
    thrd_t thread;
    int result;

    CHECK_IS(mtx_init(&mutex, mtx_timed), thrd_success);
    CHECK_IS(mtx_init(&recursive, mtx_plain | mtx_recursive), thrd_success);
    CHECK_IS(cnd_init(&cond), thrd_success);
    CHECK_IS(tss_create(&key, destroy), thrd_success);
    CHECK_IS(mtx_lock(&recursive), thrd_success);
    CHECK_IS(mtx_lock(&recursive), thrd_success);
    CHECK_IS(thrd_create(&thread, run, NULL), thrd_success);
    mtx_lock(&mutex);
    while (!ready)
        CHECK_IS(cnd_wait(&cond, &mutex), thrd_success);
    mtx_unlock(&mutex);
    CHECK_IS(thrd_join(thread, &result), thrd_success);
    CHECK_IS(result, -7);
    CHECK_IS(thrd_create(&thread, run, &result), thrd_success);
    CHECK_IS(thrd_join(thread, &result), thrd_success);
    CHECK_IS(result, -8);
    CHECK_IS(called, 1);
    CHECK_IS(destroyed, 20);
    timespec_get(&until, TIME_UTC);
    mtx_lock(&mutex);
    CHECK_IS(cnd_timedwait(&cond, &mutex, &until), thrd_timedout);
    CHECK_IS(mtx_unlock(&mutex), thrd_success);
    CHECK_IS(mtx_unlock(&recursive), thrd_success);
    CHECK_IS(mtx_unlock(&recursive), thrd_success);
    CHECK(thrd_equal(thrd_current(), thrd_current()));
    CHECK_IS(thrd_sleep(&(struct timespec){0, 1000}, NULL), 0);
    return check_end();
}
