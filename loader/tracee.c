#include "tracee.h"

#include "base/problem.h"
#include "base/syscall.h"
#include "inspect/registers.h"
#include "message.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The instructions between the tool's last stop and the entry point (kill(2), registers, munmap(2),
 * the gadget), and some more. */
enum { STEPS_TO_ENTRY = 200 };

void tracee_end(struct tracee *tracee)
{
    kill(tracee->pid, SIGKILL);
    waitpid(tracee->pid, NULL, __WALL);
    close(tracee->go);
    close(tracee->entry);
}

/* The process ended before it stopped: with a status that names what failed, or with a status of
 * the program, which should not have run. */
static bool ended(const struct tracee *tracee, int status, struct problem *problem)
{
    if (WIFSIGNALED(status))
        return problem_usage(problem, "--compare: %s was killed by signal %d", tracee->who,
                             WTERMSIG(status));
    int code = WEXITSTATUS(status);
    problem_usage(problem, "--compare: %s ended with status %d", tracee->who, code);
    if (code == STATUS_UNUSABLE)
        problem->status = code;
    return false;
}

/* The stops to wait for, and how the process continues to them. */
enum stop { STOP_EXEC, STOP_EXEC_END, STOP_OWN, STOP_STEP };

static const int stop_request[] = {
    [STOP_EXEC] = PTRACE_CONT,        /* in execve, with the new program mapped */
    [STOP_EXEC_END] = PTRACE_SYSCALL, /* at the end of that system call: the entry point */
    [STOP_OWN] = PTRACE_CONT,         /* at the SIGSTOP that the process sends to itself */
    [STOP_STEP] = PTRACE_SINGLESTEP,  /* after one instruction */
};

static bool is_stop(const struct tracee *tracee, enum stop stop, int status)
{
    siginfo_t info;
    int event = status >> 16, signal = WSTOPSIG(status);
    switch (stop) {
    case STOP_EXEC:
        return event == PTRACE_EVENT_EXEC;
    case STOP_EXEC_END:
        return signal == (SIGTRAP | 0x80); /* PTRACE_O_TRACESYSGOOD */
    case STOP_OWN:
        return event == 0 && signal == SIGSTOP &&
               ptrace(PTRACE_GETSIGINFO, tracee->pid, NULL, &info) == 0 &&
               info.si_pid == tracee->pid;
    case STOP_STEP:
        return event == 0 && signal == SIGTRAP;
    }
    return false;
}

/* Continues the process to a stop. Other signals that stop it (SIGWINCH from a terminal, for
 * example) are delivered, as without a tracer. false: *problem. */
static bool go_on(const struct tracee *tracee, enum stop stop, struct problem *problem)
{
    int status, signal = 0;
    /* the first continuation is not needed: the process runs already, and has just been seized */
    bool running = stop == STOP_EXEC || stop == STOP_OWN;
    for (;;) {
        if (!running && ptrace(stop_request[stop], tracee->pid, NULL, signal) != 0)
            return problem_usage(problem, "--compare: %s is gone (%s)", tracee->who,
                                 message_errno(errno));
        running = false;
        while (waitpid(tracee->pid, &status, __WALL) < 0) {
            if (errno != EINTR)
                return problem_usage(problem, "--compare: cannot wait (%s)", message_errno(errno));
        }
        if (!WIFSTOPPED(status))
            return ended(tracee, status, problem);
        if (is_stop(tracee, stop, status))
            return true;
        signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
    }
}

/* Forks a child that waits until it is seized, and then calls `run`, which does not return. false:
 * *problem. */
static bool start(struct tracee *tracee, const char *who, void (*run)(int entry, void *context),
                  void *context, struct problem *problem)
{
    int go[2], entry[2];
    *tracee = (struct tracee){.who = who};
    if (pipe2(go, O_CLOEXEC) != 0 || pipe2(entry, O_CLOEXEC) != 0)
        return problem_usage(problem, "--compare: no pipe (%s)", message_errno(errno));
    tracee->pid = fork();
    if (tracee->pid < 0)
        return problem_usage(problem, "--compare: no process (%s)", message_errno(errno));
    if (tracee->pid == 0) {
        char byte;
        /* a process group of its own: a signal from the terminal to this one's group would stay
         * pending in one of the two processes, and be a difference */
        setpgid(0, 0);
        close(go[1]);
        close(entry[0]);
        /* end of file: the tracer has ended, or was not able to trace */
        if (read(go[0], &byte, 1) != 1)
            _exit(STATUS_USAGE);
        close(go[0]);
        run(entry[1], context);
        _exit(STATUS_USAGE);
    }
    close(go[0]);
    close(entry[1]);
    tracee->go = go[1];
    tracee->entry = entry[0];
    if (ptrace(PTRACE_SEIZE, tracee->pid, NULL,
               PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD) != 0) {
        problem_usage(problem, "--compare: cannot trace a process (%s)", message_errno(errno));
        tracee_end(tracee);
        return false;
    }
    return write(tracee->go, "x", 1) == 1 || problem_usage(problem, "--compare: %s is gone", who);
}

/* The child that the kernel loads. */
static void run_kernel(int entry, void *context)
{
    const struct launch *launch = ((struct tracee_context *)context)->launch;
    close(entry);
    /* as before the trace; uexec's hand-over does the same */
    if (trace_end() != NULL)
        sys_call(SYS_rt_sigaction, SIGPIPE, trace_end(), 0, 8);
    execve(launch->execfn, launch->asked_argv, launch->envp);
    message(launch->execfn, "--compare: execve refuses it (%s)", message_errno(errno));
    _exit(STATUS_UNUSABLE);
}

/* The child in which uexec loads the program, in place as always. */
static void run_uexec(int entry, void *context)
{
    struct tracee_context *both = context;
    struct problem problem;
    struct layout layout;
    static const struct stopping stopping = {.signal = SIGSTOP};
    struct watch watch = {.ready = -1,
                          .report = both->report->opened ? both->report->fd : -1,
                          .stop = &stopping};
    if (exec_map(&layout, both->launch, both->self, &problem)) {
        const struct tracee_word word = {layout.entry, exec_leaves_registers(&layout)};
        if (write(entry, &word, sizeof word) != sizeof word)
            _exit(STATUS_USAGE);
        close(entry);
        exec_hand_over(&layout, both->launch, &watch, false, &problem);
    }
    message(both->launch->execfn, "%s", problem.text);
    _exit(problem.status);
}

/* Continues from the tool's own stop, right before its last system call, to the entry point. */
static bool step_to_entry(struct tracee *tracee, struct problem *problem)
{
    struct tracee_word word;
    struct registers registers;
    if (read(tracee->entry, &word, sizeof word) != sizeof word)
        return problem_usage(problem, "--compare: %s says no entry point", tracee->who);
    tracee->leaves_registers = word.leaves_registers;
    for (int i = 0; i < STEPS_TO_ENTRY; i++) {
        if (!registers_read(&registers, tracee->pid))
            break;
        if (registers.pc == word.entry)
            return true;
        if (!go_on(tracee, STOP_STEP, problem))
            return false;
    }
    return problem_usage(problem, "--compare: %s did not reach the entry point", tracee->who);
}

bool tracee_start_both(struct tracee *kernel, struct tracee *uexec, struct tracee_context *context,
                       struct problem *problem)
{
    if (!start(kernel, "execve's process", run_kernel, context, problem))
        return false;
    /* otherwise they stay open in the second child */
    close(kernel->go);
    close(kernel->entry);
    kernel->go = kernel->entry = -1;
    if (go_on(kernel, STOP_EXEC, problem) && go_on(kernel, STOP_EXEC_END, problem) &&
        start(uexec, "uexec's process", run_uexec, context, problem)) {
        if (go_on(uexec, STOP_OWN, problem) && step_to_entry(uexec, problem))
            return true;
        tracee_end(uexec);
    }
    tracee_end(kernel);
    return false;
}
