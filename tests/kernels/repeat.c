/* Runs a program many times under a launcher, and counts the runs that do not end as the program
 * does without it: another status, another signal, other output (standard output and error
 * together).
 *
 *     repeat COUNT PROGRAM LAUNCHER [ARG]...
 *
 * Each run is LAUNCHER [ARG]... PROGRAM. Prints one line,
 *     PROGRAM: LAUNCHER [ARG]...: 2000 runs, 6 failed: run 17: signal 11
 * where the last part tells how the first failure ended. Status 1 if a run failed, 2 if the program
 * cannot be run without the launcher.
 *
 * A shell's loop is several times slower, and these runs are emulated.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_MAX = 4096, SECONDS = 120 };

struct ending {
    int status;    /* as waitpid() gives it */
    size_t length; /* of the output, bytes; what is past OUTPUT_MAX is read and dropped */
    char output[OUTPUT_MAX];
};

static void give_up(const char *what)
{
    fprintf(stderr, "repeat: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void child(char **arguments, int output)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        _exit(126);
    alarm(SECONDS); /* the alarm stays across execve(): a run that hangs ends by SIGALRM */
    execv(arguments[0], arguments);
    _exit(127);
}

static void run(char **arguments, struct ending *ending)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        give_up("pipe2");
    pid_t pid = fork();
    if (pid < 0)
        give_up("fork");
    if (pid == 0)
        child(arguments, ends[1]);
    close(ends[1]);

    ending->length = 0;
    for (;;) {
        char part[OUTPUT_MAX];
        ssize_t got = read(ends[0], part, sizeof part);
        if (got <= 0)
            break;
        size_t room = OUTPUT_MAX - ending->length;
        size_t taken = (size_t)got < room ? (size_t)got : room;
        memcpy(ending->output + ending->length, part, taken);
        ending->length += taken;
    }
    close(ends[0]);
    if (waitpid(pid, &ending->status, 0) < 0)
        give_up("waitpid");
}

static int same(const struct ending *a, const struct ending *b)
{
    return a->status == b->status && a->length == b->length &&
           !memcmp(a->output, b->output, a->length);
}

static void describe(const struct ending *ending, long number)
{
    printf(": run %ld: ", number);
    if (WIFSIGNALED(ending->status))
        printf("signal %d", WTERMSIG(ending->status));
    else
        printf("status %d", WEXITSTATUS(ending->status));
    if (ending->length > 0) {
        int length = (int)strcspn(ending->output, "\n");
        printf(", \"%.*s\"", length < (int)ending->length ? length : (int)ending->length,
               ending->output);
    }
}

int main(int argc, char **argv)
{
    static struct ending expected, seen, first;
    long count = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    if (count <= 0) {
        fputs("usage: repeat COUNT PROGRAM LAUNCHER [ARG]...\n", stderr);
        return 2;
    }
    char *program = argv[2];
    run((char *[]){program, NULL}, &expected);
    if (!WIFEXITED(expected.status) || WEXITSTATUS(expected.status) >= 126)
        give_up(program);

    /* LAUNCHER [ARG]... is argv[3] and on; PROGRAM goes after it, where argv ends */
    char **launched = calloc((size_t)argc, sizeof *launched);
    if (!launched)
        give_up("calloc");
    memcpy(launched, argv + 3, (size_t)(argc - 3) * sizeof *launched);
    launched[argc - 3] = program;

    long failed = 0, first_number = 0;
    for (long number = 1; number <= count; number++) {
        run(launched, &seen);
        if (same(&expected, &seen))
            continue;
        if (failed++ == 0) {
            first = seen;
            first_number = number;
        }
    }
    printf("%s:", program);
    for (int i = 3; i < argc; i++)
        printf(" %s", argv[i]);
    printf(": %ld runs, %ld failed", count, failed);
    if (failed > 0)
        describe(&first, first_number);
    putchar('\n');
    return failed > 0;
}
