/* exit-status: how a program ends is part of what a loader must pass on.
 *
 *     exit-status            exits with 0
 *     exit-status 42         exits with 42
 *     exit-status signal 15  is killed by signal 15; a shell shows 128 + 15
 *
 * The parent sees an exit status and a killing signal as two different things (wait(2)). Because
 * the program takes its loader's place in the same process, neither needs translation: whoever
 * started the loader is told directly.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATUS_SURVIVED = 1,
    STATUS_USAGE = 2,
    STATUS_MAX = 255, /* the kernel keeps only eight bits of what exit() is given */
    SIGNAL_MAX = 64,  /* Linux numbers signals 1 to 64 */
};

static int usage(const char *why)
{
    fprintf(stderr,
            "exit-status: %s\n"
            "usage: exit-status [0..%d] | exit-status signal 1..%d\n",
            why, STATUS_MAX, SIGNAL_MAX);
    return STATUS_USAGE;
}

/* The decimal number in `text`, or -1 if it is none, or is not between `least` and `most`. */
static int number_parse(const char *text, int least, int most)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') /* strtol would let spaces and signs pass */
        return -1;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < least || value > most)
        return -1;
    return (int)value;
}

static int die_by_signal(const char *text)
{
    int number = number_parse(text, 1, SIGNAL_MAX);

    if (number < 0)
        return usage("not a signal number");
    raise(number);

    /* Still here: the signal does nothing by default (SIGCHLD), only stopped us for a while
     * (SIGSTOP), or was already ignored or blocked when we started. The last two are inherited
     * across execve, so this message also shows whether a loader keeps them. */
    fprintf(stderr, "exit-status: survived signal %d\n", number);
    return STATUS_SURVIVED;
}

int main(int argc, char **argv)
{
    if (argc <= 1)
        return 0;
    if (strcmp(argv[1], "signal") == 0)
        return argc == 3 ? die_by_signal(argv[2]) : usage("'signal' needs one number");
    if (argc > 2)
        return usage("too many arguments");

    int status = number_parse(argv[1], 0, STATUS_MAX);

    return status < 0 ? usage("not an exit status") : status;
}
