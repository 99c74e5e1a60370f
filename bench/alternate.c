/* Runs commands in turn, A B C A B C ..., so that a slow moment of the machine affects all of them
 * alike. Prints for each the nanoseconds from before posix_spawn() to the end of the command: one
 * line for each round, in the order of the commands. bench/quantile.awk computes medians.
 *
 *     alternate ROUNDS COMMAND...      a COMMAND is one argument, its words separated by spaces
 *
 * The commands run without a shell and without a pipe; their output goes to /dev/null. Three rounds
 * before the first fill the caches. A command that fails ends the measurement. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WORDS = 64, WARM_UP = 3, FAILED = 1, WRONG_USE = 2 };

struct command {
    char *words[MOST_WORDS + 1]; /* as execve() wants them */
};

static char **environment;

static void die(const char *what, const char *why, int status)
{
    fprintf(stderr, "alternate: %s: %s\n", what, why);
    exit(status);
}

/* Writes into `text`, and keeps pointers into it. */
static void command_split(struct command *command, char *text)
{
    size_t count = 0;
    char *word, *rest = text;

    while ((word = strtok_r(rest, " ", &rest)) != NULL) {
        if (count == MOST_WORDS)
            die(command->words[0], "more than 64 words", WRONG_USE);
        command->words[count++] = word;
    }
    if (count == 0)
        die("a command", "it is empty", WRONG_USE);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Nanoseconds. */
static double command_run(const struct command *command, const posix_spawn_file_actions_t *quiet)
{
    double start = now();
    pid_t child;
    int status, error = posix_spawn(&child, command->words[0], quiet, NULL,
                                    (char *const *)command->words, environment);

    if (error != 0)
        die(command->words[0], strerror(error), FAILED);
    if (waitpid(child, &status, 0) != child)
        die("waitpid", strerror(errno), FAILED);
    start = now() - start;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die(command->words[0], "the command failed", FAILED);
    return start;
}

int main(int argc, char **argv, char **envp)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0, count = argc - 2;
    posix_spawn_file_actions_t quiet;
    struct command *commands;

    environment = envp;
    if (rounds <= 0)
        die("wrong use", "alternate ROUNDS COMMAND...", WRONG_USE);
    if (posix_spawn_file_actions_init(&quiet) != 0 ||
        posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
        die("/dev/null", "no memory", FAILED);
    commands = calloc((size_t)count, sizeof *commands);
    if (!commands)
        die("calloc", strerror(errno), FAILED);
    for (int i = 0; i < count; i++)
        command_split(&commands[i], argv[2 + i]);
    for (int round = -WARM_UP; round < rounds; round++)
        for (int i = 0; i < count; i++) {
            double took = command_run(&commands[i], &quiet);

            if (round >= 0)
                printf("%.0f%c", took, i + 1 < count ? ' ' : '\n');
        }
    posix_spawn_file_actions_destroy(&quiet);
    free(commands);
    return 0;
}
