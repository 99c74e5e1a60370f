/* exit atexit quick_exit at_quick_exit abort _Exit assert: ISO C 7.22.4, 7.2. Each ends a child,
 * whose output and status are compared. */
#include "asleep.h"
#include "check.h"
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

/* What a child that runs `body` prints, and its wait status. */
static char *child(void (*body)(void), int *status)
{
    static char text[4096];
    ssize_t got;
    size_t length = 0;
    int ends[2];
    pid_t pid;

    fflush(stdout);
    if (pipe(ends) != 0 || (pid = fork()) < 0)
        abort();
    if (pid == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        body();
        _exit(99);
    }
    close(ends[1]);
    while ((got = read(ends[0], text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(ends[0]);
    text[length] = 0;
    waitpid(pid, status, 0);
    return text;
}

static void say_a(void)
{
    printf("a");
}

static void say_b(void)
{
    printf("b");
    atexit(say_a);
}

static void in_order(void)
{
    atexit(say_a);
    atexit(say_b); /* registers say_a once more, which is then the next */
    printf("main ");
    exit(7);
}

static int counter;

static void count_down(void)
{
    if (--counter == 0)
        printf("all");
}

static void many(void)
{
    for (counter = 0; counter < 1000; counter++)
        if (atexit(count_down) != 0)
            printf("refused");
    exit(0);
}

static void unflushed(void)
{
    printf("lost");
    _Exit(3);
}

static void quickly(void)
{
    atexit(say_a);
    at_quick_exit(say_b);
    printf("x");
    fflush(stdout);
    quick_exit(4);
}

static void aborted(void)
{
    abort();
}

static void catch (int signal)
{
    (void)!write(1, "caught", 6);
}

static void abort_caught(void)
{
    signal(SIGABRT, catch);
    abort();
}

static void abort_ignored(void)
{
    signal(SIGABRT, SIG_IGN);
    abort();
}

static void abort_blocked(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGABRT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    abort();
}

static void asserted(void)
{
    assert(1 + 1 == 2);
    assert(1 + 1 == 3);
}

static volatile int ending, other, done; /* other: the thread that main() does not run in */

static void count(void)
{
    printf("d");
}

/* Ends when the other thread has reached its exit(), or has set `done`. */
static void count_last(void)
{
    printf("d");
    ending = 1;
    await_call(&other, &done);
}

static void *exit_too(void *argument)
{
    while (!ending)
        sched_yield();
    other = thread_id();
    exit(3);
}

/* POSIX.1-2024: one of them ends the program, the others wait. */
static void from_two_threads(void)
{
    pthread_t thread;

    atexit(count);
    atexit(count_last);
    pthread_create(&thread, NULL, exit_too, NULL);
    exit(3);
}

static void *fork_while_ending(void *argument)
{
    pid_t pid;
    int status;

    while (!ending)
        sched_yield();
    pid = fork();
    if (pid == 0) {
        alarm(30); /* it must not wait for the thread that ends its parent */
        exit(0);
    }
    waitpid(pid, &status, 0);
    if (status == 0)
        (void)!write(1, "f", 1);
    done = 1;
    other = thread_id();
    return NULL;
}

static void forked_while_ending(void)
{
    pthread_t thread;

    atexit(count_last);
    pthread_create(&thread, NULL, fork_while_ending, NULL);
    exit(3);
}

int main(void)
{
    int status;
    char *text;

    CHECK_TEXT(child(in_order, &status), "main baa");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    CHECK_TEXT(child(many, &status), "all");
    CHECK_TEXT(child(unflushed, &status), "");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    CHECK_TEXT(child(quickly, &status), "x");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 4);
    child(aborted, &status);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK_TEXT(child(abort_caught, &status), "caught");
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    child(abort_ignored, &status);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    child(abort_blocked, &status);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    text = child(asserted, &status);
    CHECK(strstr(text, "1 + 1 == 3") && strstr(text, "exit.c") && strstr(text, "asserted"));
    CHECK(strchr(text, '\n') && strchr(text, '\n')[1] == 0); /* one line */
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
#ifdef LIBC_MIN /* musl's and glibc's here are older than that */
    /* the child has the first d in its buffer, too */
    CHECK_TEXT(child(forked_while_ending, &status), "dfd");
    CHECK_TEXT(child(from_two_threads, &status), "dd");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
#endif
    return check_end();
}
