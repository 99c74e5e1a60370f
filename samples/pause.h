/* pause.h: for the samples, a stop for a look from outside.
 *
 * With --pause a sample stops at each place worth a look, prints
 *     [paused: process 1234, WHAT; Enter, or kill -USR1 1234, goes on]
 * and continues at SIGUSR1 or at a line on standard input. At the end of standard input
 * (</dev/null, a closed pipe) only the signal continues it. Meanwhile, in another terminal: cat
 * /proc/1234/maps; kill -USR1 1234
 */
#ifndef SAMPLES_PAUSE_H
#define SAMPLES_PAUSE_H

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int pause_wanted;

static inline void pause_signal(int number)
{
    (void)number; /* the signal only has to interrupt ppoll */
}

/* To be called first in main. The signal is blocked except during a pause: a signal that arrives
 * earlier stays pending and ends the next pause at once. Threads inherit the mask. */
static inline void pause_prepare(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = pause_signal};
    sigset_t blocked;

    if (argc == 1)
        return;
    if (argc != 2 || strcmp(argv[1], "--pause") != 0) {
        fprintf(stderr, "usage: %s [--pause]\n", argv[0]);
        exit(2);
    }
    pause_wanted = 1;
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

/* Reads to the end of a line, byte by byte, so that the next line stays for the next pause. Returns
 * 0 at the end of the input. */
static inline int pause_read_line(void)
{
    char byte;

    while (read(STDIN_FILENO, &byte, 1) == 1)
        if (byte == '\n')
            return 1;
    return 0;
}

static inline void pause_at(const char *what)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    sigset_t unblocked;

    if (!pause_wanted)
        return;
    printf("[paused: process %d, %s; Enter, or kill -USR1 %d, goes on]\n", (int)getpid(), what,
           (int)getpid());
    fflush(stdout);

    sigprocmask(SIG_BLOCK, NULL, &unblocked);
    sigdelset(&unblocked, SIGUSR1);
    while (ppoll(&input, 1, NULL, &unblocked) > 0) { /* less than 0: a signal interrupted it */
        if (pause_read_line())
            return;
        input.fd = -1; /* end of the input: ppoll ignores the entry */
    }
}

#endif
