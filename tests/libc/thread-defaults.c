/* not glibc: there the defaults also shrink, and have no bounds.
 * pthread_setattr_default_np(3) as musl has it: the defaults only grow, to 8 MiB and 1 MiB. */
#include "check.h"
#include <errno.h>
#include <pthread.h>

static void *use_stack(void *size)
{
    size_t length = (size_t)size;
    volatile char used[length];
    pthread_attr_t attr;
    size_t guard;

    memset((void *)used, 1, length);
    CHECK_IS(pthread_getattr_np(pthread_self(), &attr), 0);
    pthread_attr_getguardsize(&attr, &guard);
    return (void *)(guard + used[length / 2]);
}

/* Both are what a new attribute and a new thread get. */
static void defaults_are(size_t stack, size_t guard)
{
    pthread_attr_t attr[2];
    size_t size;
    int state;
    pthread_t thread;
    void *seen;

    CHECK_IS(pthread_attr_init(&attr[0]), 0);
    CHECK_IS(pthread_getattr_default_np(&attr[1]), 0);
    for (int i = 0; i < 2; i++) {
        pthread_attr_getstacksize(&attr[i], &size);
        CHECK_IS(size, stack);
        pthread_attr_getguardsize(&attr[i], &size);
        CHECK_IS(size, guard);
        pthread_attr_getdetachstate(&attr[i], &state);
        CHECK_IS(state, PTHREAD_CREATE_JOINABLE);
    }
    CHECK_IS(pthread_create(&thread, NULL, use_stack, (void *)(stack - 32768)), 0);
    CHECK_IS(pthread_join(thread, &seen), 0);
    CHECK_IS((size_t)seen, (guard + 4095) / 4096 * 4096 + 1);
}

static void set(size_t stack, size_t guard)
{
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, stack);
    pthread_attr_setguardsize(&attr, guard);
    CHECK_IS(pthread_setattr_default_np(&attr), 0);
}

static void refused(void)
{
    static char stack[200000];
    struct sched_param priority = {.sched_priority = 1};
    pthread_attr_t attr;

    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    CHECK_IS(pthread_setattr_default_np(&attr), EINVAL);
    pthread_attr_init(&attr);
    pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
    CHECK_IS(pthread_setattr_default_np(&attr), EINVAL);
    pthread_attr_init(&attr);
    pthread_attr_setschedparam(&attr, &priority);
    CHECK_IS(pthread_setattr_default_np(&attr), EINVAL);
    pthread_attr_init(&attr);
    pthread_attr_setschedpolicy(&attr, 1);
    CHECK_IS(pthread_setattr_default_np(&attr), EINVAL);
    pthread_attr_init(&attr);
    pthread_attr_setstack(&attr, stack, sizeof stack);
    CHECK_IS(pthread_setattr_default_np(&attr), EINVAL);
}

int main(void)
{
    defaults_are(131072, 8192);
    set(65536, 0); /* less than there is: no error, no change */
    defaults_are(131072, 8192);
    refused();
    defaults_are(131072, 8192);
    set(1000001, 10000);
    defaults_are(1000001, 10000);
    set(4 << 20, 4096);
    defaults_are(4 << 20, 10000);
    set(100 << 20, 100 << 20);
    defaults_are(8 << 20, 1 << 20);
    return check_end();
}
