/* Waiting for another thread to wait: what a test needs that is about locks and blocking calls,
 * instead of sleeping for a time and hoping. */
#ifndef ASLEEP_H
#define ASLEEP_H

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Does a thread of this process wait in the kernel? proc_pid_stat(5): state S. 0 after its end,
 * too. No stream is used: streams are what the tests lock. */
static inline __attribute__((unused)) int asleep(int tid)
{
    char text[64];
    snprintf(text, sizeof text, "/proc/self/task/%d/stat", tid);
    int fd = open(text, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[got < 0 ? 0 : got] = 0;
    const char *end = strrchr(text, ')');
    return end && end[1] == ' ' && end[2] == 'S';
}

/* Returns when the thread that stores its id in *tid right before a call waits in that call, or has
 * returned from it and set *done (NULL: it does not return). */
static inline __attribute__((unused)) void await_call(const volatile int *tid,
                                                      const volatile int *done)
{
    while (!*tid || !((done && *done) || asleep(*tid)))
        sched_yield();
}

static inline __attribute__((unused)) int thread_id(void)
{
    return (int)syscall(SYS_gettid);
}

#endif
