/* exit-status: a loader must pass on how a program ends.
 *
 *     exit-status            exits with 0
 *     exit-status 42         exits with 42
 *     exit-status signal 15  is killed by signal 15; a shell shows 128 + 15
 *
 * A parent sees an exit status and a killing signal as two different things (wait(2)). Because the
 * program runs in the loader's process, the parent of the loader sees the program's own status; the
 * loader translates nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATUS_SURVIVED = 1,
    STATUS_USAGE = 2,
    STATUS_MAX = 255, /* the kernel keeps only eight bits of exit()'s argument */
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

/* Returns the decimal number in `text`, or -1 if it is no number from `least` to `most`. */
static int number_parse(const char *text, int least, int most)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') /* strtol accepts spaces and signs */
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

    /* The program still runs: the signal does nothing by default (SIGCHLD), only stopped it
     * (SIGSTOP), or was ignored or blocked at the start. execve keeps ignored and blocked signals,
     * so this message also shows whether a loader keeps them. */
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
