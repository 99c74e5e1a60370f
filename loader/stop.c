#include "stop.h"

#include "arch.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "launch.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Does a tracer trace this process? (proc(5), TracerPid in /proc/PID/status.) */
static bool is_traced(void)
{
    char line[128];
    long tracer = 0;
    FILE *status = fopen("/proc/self/status", "re");
    if (status == NULL)
        return false;
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "TracerPid:", strlen("TracerPid:")) == 0)
            tracer = strtol(line + strlen("TracerPid:"), NULL, 10);
    }
    fclose(status);
    return tracer != 0;
}

/* A blocked signal would not stop the process now, and would end the program later. */
static bool may_trap(void)
{
    sigset_t blocked;
    return is_traced() && sigprocmask(SIG_BLOCK, NULL, &blocked) == 0 &&
           sigismember(&blocked, SIGTRAP) == 0;
}

/* The name in a shell's form: as it is, or in single quotes. From malloc; NULL: no memory. */
static char *quoted(const char *name)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-@%,:=";
    if (*name != '\0' && name[strspn(name, plain)] == '\0')
        return strdup(name);
    char *text = malloc(4 * strlen(name) + sizeof "''"), *at = text;
    if (text == NULL)
        return NULL;
    *at++ = '\'';
    for (; *name != '\0'; name++)
        at = *name == '\'' ? stpcpy(at, "'\\''") : (*at = *name, at + 1);
    strcpy(at, "'");
    return text;
}

/* Quirk (gdb): when it attaches to a process, it stops the process once more, shows both stops, and
 * delivers both signals, unless `handle SIGSTOP` says otherwise. */
static bool say(struct stopping *stop, const struct launch *launch, const char *where,
                struct problem *problem)
{
    char *line, *file = quoted(launch->program.name);
    int pid = getpid();
    if (pid == 1)
        return problem_usage(problem, "--stop: SIGSTOP does not stop process 1 of a PID namespace");
    if (file == NULL ||
        asprintf(
            &line,
            "uexec: %s: stopped %s, process %d: gdb -ex 'handle SIGSTOP noprint nopass' %s %d, "
            "or kill -CONT %d",
            launch->execfn, where, pid, file, pid, pid) < 0)
        return problem_usage(problem, "--stop: no memory");
    stop->line = text_printable(line);
    return true;
}

bool stop_at_entry(struct stopping *stop, const struct launch *launch, uint64_t entry,
                   struct problem *problem)
{
    char where[PATH_MAX + 80];
    *stop = (struct stopping){.signal = may_trap() ? SIGTRAP : SIGSTOP};
    if (stop->signal == SIGTRAP) {
        struct arch_sigaction *actions = calloc(2, sizeof *actions);
        if (actions == NULL)
            return problem_usage(problem, "--stop: no memory");
        actions[0].handler = SIG_IGN;
        sys_call(SYS_rt_sigaction, SIGTRAP, &actions[0], &actions[1], sizeof actions->mask);
        stop->disposition = &actions[1];
        return true;
    }
    if (launch->has_interpreter)
        snprintf(where, sizeof where, "before the entry point 0x%" PRIx64 " of its interpreter %s",
                 entry, launch->interpreter.name);
    else
        snprintf(where, sizeof where, "before its entry point 0x%" PRIx64, entry);
    return say(stop, launch, where, problem);
}

bool stop_when_linked(struct stopping *stop, const struct launch *launch, struct problem *problem)
{
    *stop = (struct stopping){.signal = may_trap() ? SIGTRAP : SIGSTOP};
    return stop->signal == SIGTRAP ||
           say(stop, launch, "when rt has linked it, before its first constructor", problem);
}
