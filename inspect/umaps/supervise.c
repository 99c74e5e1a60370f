/* umaps record: runs a program, is told of each call that changes a layout before it is made, and
 * finds out what became of it when the same thread makes the next, in this order:
 *  1. the thread's last call is resolved          (it has returned, or the thread would not call)
 *  2. calls of its process's other threads are waited for, a moment  (so that the order is known)
 *  3. the new call is noted
 *  4. the thread is let go                        (what comes after it may not look at arguments
 *                                                  in memory any more) */
#include "supervise.h"

#include "filter.h"
#include "resolve.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BUCKETS = 4096, FLUSH_MS = 200 };

struct supervisor {
    const struct supervise_options *options;
    struct recording *recording;
    struct filter_state *state; /* shared with the guardian */
    int listener;
    pid_t child;
    int child_fd; /* pidfd_open(2) */
    int socket;   /* the child's: the listener, then the errno of execve */
    bool ending;  /* the program has called exit_group */
    bool reaped;  /* it has ended, with `status` of wait(2) */
    int status;
    struct target *targets;
    struct task *tasks[BUCKETS];
};

/* --- threads and processes ------------------------------------------------------------------- */

static struct task *task_find(const struct supervisor *supervisor, pid_t tid)
{
    struct task *task = supervisor->tasks[(unsigned)tid % BUCKETS];
    while (task != NULL && task->tid != tid)
        task = task->next;
    return task;
}

static struct task *task_add(struct supervisor *supervisor, pid_t tid)
{
    struct task *task = calloc(1, sizeof *task);
    if (task == NULL)
        exit(tool_error(STATUS_USAGE, NULL, "no memory for thread %d", (int)tid));
    task->tid = tid;
    task->next = supervisor->tasks[(unsigned)tid % BUCKETS];
    supervisor->tasks[(unsigned)tid % BUCKETS] = task;
    return task;
}

/* The task gets the target's address space. */
static struct task *task_join(struct task *task, struct target *target)
{
    task->target = target;
    task->next_member = target->members;
    target->members = task;
    return task;
}

/* The task leaves its target, which ends with its last one. */
static void task_leave(struct supervisor *supervisor, struct task *task)
{
    struct target *target = task->target;
    if (target == NULL)
        return;
    struct task **member = &target->members;
    while (*member != NULL && *member != task)
        member = &(*member)->next_member;
    if (*member != NULL)
        *member = task->next_member;
    task->target = NULL;
    if (target->members != NULL)
        return;
    struct target **link = &supervisor->targets;
    while (*link != target)
        link = &(*link)->next;
    *link = target->next;
    if (target->maps >= 0)
        close(target->maps);
    space_free(&target->space);
    free(target);
}

static void task_remove(struct supervisor *supervisor, struct task *task)
{
    struct task **link = &supervisor->tasks[(unsigned)task->tid % BUCKETS];
    while (*link != task)
        link = &(*link)->next;
    *link = task->next;
    task_leave(supervisor, task);
    free(task);
}

/* Removes the members of a task's target, but for the task. */
static void task_remove_others(struct supervisor *supervisor, const struct task *task)
{
    for (struct task *other = task->target->members, *next; other != NULL; other = next) {
        next = other->next_member;
        if (other != task)
            task_remove(supervisor, other);
    }
}

static struct target *target_add(struct supervisor *supervisor, pid_t pid)
{
    struct target *target = calloc(1, sizeof *target);
    if (target == NULL)
        exit(tool_error(STATUS_USAGE, NULL, "no memory for process %d", (int)pid));
    target->pid = pid;
    target->maps = -1;
    target->next = supervisor->targets;
    supervisor->targets = target;
    return target;
}

/* The numbers of a thread's process and of its parent. */
static bool read_parents(pid_t tid, pid_t *process, pid_t *parent)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
    char *text = maps_read_file(path, NULL);
    const char *at = text == NULL ? NULL : strstr(text, "\nTgid:");
    const char *up = text == NULL ? NULL : strstr(text, "\nPPid:");
    if (at != NULL)
        *process = (pid_t)strtol(at + 6, NULL, 10);
    if (up != NULL)
        *parent = (pid_t)strtol(up + 6, NULL, 10);
    free(text);
    return at != NULL && up != NULL;
}

static struct target *target_find(const struct supervisor *supervisor, pid_t pid)
{
    struct target *target = supervisor->targets;
    while (target != NULL && target->pid != pid)
        target = target->next;
    return target;
}

/* Is a call of the process under way that makes a child with its address space (vfork)? */
static bool makes_sharing_child(const struct target *target)
{
    for (const struct task *task = target->members; task != NULL; task = task->next_member)
        if (task->call.pending && (task->call.clone & CLONE_VM) != 0 &&
            (task->call.clone & CLONE_THREAD) == 0)
            return true;
    return false;
}

/* Is an execve of the process under way? Only the thread that notifies can be the one left. */
static bool execs(const struct target *target)
{
    for (const struct task *task = target->members; task != NULL; task = task->next_member)
        if (task->call.pending &&
            (task->call.number == SYS_execve || task->call.number == SYS_execveat))
            return true;
    return false;
}

/* Writes the layout of a process that is met for the first time, or after its execve. */
static void enter(struct supervisor *supervisor, struct target *target, const char *when)
{
    if (!target_open(target)) {
        target->phase = TARGET_HIDDEN;
        recording_note(supervisor->recording, "hidden", target->pid, 0, recording_now(), "reason",
                       strerror(errno));
        return;
    }
    target->phase = TARGET_RUNNING;
    if (target->pid == supervisor->child)
        supervisor->options->finish(supervisor->options);
    recording_layout(supervisor->recording, target, recording_now(), when);
    if (strcmp(when, "entry") == 0)
        recording_stack(supervisor->recording, target, recording_now());
}

/* A thread that notifies for the first time. */
static struct task *task_meet(struct supervisor *supervisor, pid_t tid)
{
    pid_t process, parent;
    if (!read_parents(tid, &process, &parent))
        return task_add(supervisor, tid);
    struct target *target = target_find(supervisor, process), *from = NULL;
    if (target != NULL) {
        if (target->phase == TARGET_RUNNING && tid != process)
            recording_note(supervisor->recording, "thread", process, tid, recording_now(), NULL,
                           NULL);
        return task_join(task_add(supervisor, tid), target);
    }
    from = target_find(supervisor, parent);
    if (from != NULL && from->phase != TARGET_RUNNING)
        from = NULL; /* uexec's own child */
    if (from != NULL && makes_sharing_child(from))
        return task_join(task_add(supervisor, tid), from);
    if (from == NULL || !supervisor->options->follow)
        return task_add(supervisor, tid);
    target = target_add(supervisor, process);
    char text[16];
    snprintf(text, sizeof text, "%d", (int)parent);
    recording_note(supervisor->recording, "process", process, tid, recording_now(), "parent", text);
    struct task *task = task_join(task_add(supervisor, tid), target);
    enter(supervisor, target, "fork");
    if (target->break_start == from->break_start)
        target->break_now = from->break_now; /* maps has whole pages */
    return task;
}

/* --- uexec's part of a start ------------------------------------------------------------------ */

/* Is the call one of uexec's, which loads the program? Its code is its file's, or a page of
 * anonymous memory, the hand-over's. The last call of all unmaps that page, and is made by the
 * program's code or the vDSO's. */
static bool is_loading(const struct supervisor *supervisor, struct target *target)
{
    const struct filter_state *state = supervisor->state;
    struct region region = {0};
    uint64_t page = state->instruction_pointer & ~(uint64_t)4095;
    int there = target_query(target, page, false, &region);
    bool of_file = region.inode == target->loader_inode && region.device == target->loader_device;
    if (there == 1 && (of_file || (region.inode == 0 && region.name[0] == '\0'))) {
        target->handover = page;
        return true;
    }
    return state->nr == SYS_munmap && target->handover >= state->args[0] &&
           target->handover < state->args[0] + state->args[1];
}

/* --- a notification --------------------------------------------------------------------------- */

/* The arguments of clone3(2), from its struct clone_args, in the places of clone's: flags, the end
 * of the stack, parent_tid. What cannot be read is 0. */
static void read_clone3(const struct filter_state *state, uint64_t arguments[6])
{
    enum { FLAGS, PIDFD, CHILD_TID, PARENT_TID, EXIT_SIGNAL, STACK, STACK_SIZE, FIELDS };
    uint64_t fields[FIELDS] = {0};
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", (int)state->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || pread(fd, fields, sizeof fields, (off_t)state->args[0]) != sizeof fields)
        memset(fields, 0, sizeof fields);
    if (fd >= 0)
        close(fd);
    arguments[0] = fields[FLAGS];
    arguments[1] = fields[STACK] + fields[STACK_SIZE];
    arguments[2] = fields[PARENT_TID];
}

/* Another thread of the process that has a call under way that matters; NULL: none. */
static struct task *other_busy(const struct task *task)
{
    for (struct task *other = task->target->members; other != NULL; other = other->next_member)
        if (other != task && resolve_matters(other))
            return other;
    return NULL;
}

static void resolve_last(struct supervisor *supervisor, struct task *task)
{
    if (task->call.pending)
        resolve_call(supervisor->recording, task,
                     other_busy(task) == NULL ? RESOLVE_LATE : RESOLVE_MIXED);
}

/* Is the thread in another system call than the one that it was let go with? Then that one has
 * returned. A thread that runs may be anywhere. */
static bool has_returned(const struct task *task)
{
    char path[64], *end;
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", (int)task->target->pid, (int)task->tid);
    char *text = maps_read_file(path, NULL);
    long number = text == NULL ? task->call.number : strtol(text, &end, 10);
    bool returned = text != NULL && end != text && number != task->call.number;
    free(text);
    return returned;
}

/* Waits until the effects of other threads' calls are there, so that the next call comes after
 * them. A call that fails has none: it is waited for once, a few milliseconds at most. */
static void wait_for_others(struct supervisor *supervisor, const struct task *task)
{
    enum { TRIES = 64, SLOW = 32 };
    for (struct task *other = task->target->members; other != NULL; other = other->next_member) {
        if (other == task || !resolve_matters(other) || other->call.waited)
            continue;
        for (int i = 0; i < TRIES; i++) {
            if (resolve_call(supervisor->recording, other, RESOLVE_EARLY))
                break;
            if (i < SLOW)
                sched_yield();
            else
                usleep(50);
        }
        if (other->call.pending && has_returned(other))
            resolve_last(supervisor, other);
        other->call.waited = true;
    }
}

/* The target's last words: what is pending, what differs, the layout before the exit. */
static void leave(struct supervisor *supervisor, struct target *target, uint64_t time)
{
    for (struct task *task = target->members; task != NULL; task = task->next_member)
        if (task->call.pending && call_kind(task->call.number)->effect != EFFECT_EXIT)
            resolve_call(supervisor->recording, task, RESOLVE_MIXED);
    if (resolve_check(supervisor->recording, target, time))
        recording_layout(supervisor->recording, target, time, "exit");
}

/* Writes an execve that has succeeded, which any thread of the process may have called. */
static void note_exec(struct supervisor *supervisor, const struct task *task)
{
    static const struct changes none;
    static const uint64_t done = 0;
    for (const struct task *caller = task->target->members; caller != NULL;
         caller = caller->next_member) {
        const struct call_kind *kind = call_kind(caller->call.number);
        if (caller->call.pending && kind->effect == EFFECT_EXEC)
            recording_call(supervisor->recording, caller, kind, &done, false, &none);
    }
}

/* A thread's execve may have succeeded: then its process has another address space. */
static void after_exec(struct supervisor *supervisor, struct task *task)
{
    struct target *target = task->target;
    pid_t process = task->tid, parent = 0;
    if (!read_parents(task->tid, &process, &parent))
        return;
    if (target->pid != process) { /* a child of vfork: still of its parent's address space? */
        if (syscall(SYS_kcmp, target->pid, process, 1 /* KCMP_VM */, 0, 0) == 0) {
            resolve_last(supervisor, task);
            return;
        }
        if (supervisor->options->follow)
            note_exec(supervisor, task);
        task->call.pending = false;
        task_leave(supervisor, task);
        if (!supervisor->options->follow)
            return;
        task_join(task, target_add(supervisor, process));
        char text[16];
        snprintf(text, sizeof text, "%d", (int)parent);
        recording_note(supervisor->recording, "process", process, task->tid, recording_now(),
                       "parent", text);
        enter(supervisor, task->target, "entry");
        return;
    }
    if (!target_is_replaced(target)) {
        resolve_last(supervisor, task);
        return;
    }
    /* execve has ended all other threads */
    if (target->phase == TARGET_RUNNING)
        note_exec(supervisor, task);
    task->call.pending = false;
    task_remove_others(supervisor, task);
    target->pid = process;
    if (supervisor->options->loads && target->phase <= TARGET_LOADING) {
        target->phase = target_open(target) ? TARGET_LOADING : TARGET_HIDDEN;
        target->handover = 0;
        for (size_t i = 0; i < target->space.count && target->loader_inode == 0; i++) {
            target->loader_inode = target->space.entries[i].inode;
            target->loader_device = target->space.entries[i].device;
        }
        return;
    }
    enter(supervisor, target, "entry");
}

/* Notes the call that the thread is about to make. */
static void note(struct supervisor *supervisor, struct task *task, uint64_t now)
{
    const struct filter_state *state = supervisor->state;
    struct call *call = &task->call;
    *call = (struct call){.pending = true,
                          .number = state->nr,
                          .address = state->instruction_pointer,
                          .time = now};
    memcpy(call->arguments, state->args, sizeof call->arguments);
    if (state->nr == SYS_clone3)
        read_clone3(state, call->arguments);
    if (state->nr == SYS_clone || state->nr == SYS_clone3)
        call->clone = call->arguments[0];
    else if (state->nr == SYS_vfork)
        call->clone = CLONE_VM | CLONE_VFORK;
}

/* Takes over what rt has traced since the last time: it was written before the call that is
 * announced now, or the one before. */
static void take_trace(struct supervisor *supervisor)
{
    static char line[1 << 16];
    static size_t length;
    int fd = supervisor->options->trace;
    for (ssize_t got; fd >= 0;) {
        got = read(fd, line + length, sizeof line - length);
        if (got <= 0)
            return;
        length += (size_t)got;
        char *start = line, *end;
        while ((end = memchr(start, '\n', length - (size_t)(start - line))) != NULL) {
            if (*start == '{') /* another line would be no JSON */
                recording_trace(supervisor->recording, supervisor->child, start,
                                (size_t)(end - start));
            start = end + 1;
        }
        length -= (size_t)(start - line);
        memmove(line, start, length);
        if (length == sizeof line) /* a line that is too long */
            length = 0;
    }
}

static void handle(struct supervisor *supervisor)
{
    take_trace(supervisor);
    const struct filter_state *state = supervisor->state;
    uint64_t now = recording_now();
    struct task *task = task_find(supervisor, (pid_t)state->pid);
    const struct call_kind *kind = call_kind(state->nr);
    if (task == NULL)
        task = task_meet(supervisor, (pid_t)state->pid);
    struct target *target = task->target;
    if (target != NULL && (task->call.pending || target->phase < TARGET_RUNNING) && execs(target)) {
        after_exec(supervisor, task);
        target = task->target;
    }
    if (target != NULL && target->phase == TARGET_LOADING && !is_loading(supervisor, target))
        enter(supervisor, target, "entry");
    if (target == NULL || kind == NULL || target->phase == TARGET_HIDDEN) {
        if (kind != NULL && kind->effect == EFFECT_EXIT)
            task_remove(supervisor, task);
        return;
    }
    if (target->phase != TARGET_RUNNING) { /* the fork's child before execve, and uexec */
        task->call.pending = false;
        if (kind->effect == EFFECT_EXEC)
            note(supervisor, task, now);
        return;
    }
    resolve_last(supervisor, task);
    note(supervisor, task, now);
    if (resolve_matters(task) || kind->effect == EFFECT_FORK)
        wait_for_others(supervisor, task);
    if (kind->effect == EFFECT_EXIT) {
        supervisor->ending |= target->pid == supervisor->child;
        static const struct changes none;
        bool whole = (state->nr == SYS_exit_group || target->members->next_member == NULL) &&
                     target->pid == (pid_t)task->tid;
        if (state->nr == SYS_exit_group && target->pid != (pid_t)task->tid) {
            pid_t process = 0, parent;
            whole = read_parents(task->tid, &process, &parent) && process == target->pid;
        }
        recording_call(supervisor->recording, task, kind, NULL, false, &none);
        task->call.pending = false;
        if (whole) {
            leave(supervisor, target, now);
            target->phase = TARGET_HIDDEN; /* other threads may still call, until they are ended */
        }
        task_remove(supervisor, task);
    }
}

/* Handles the notification and lets the call go. Where that fails the call is not made: its thread
 * is killed, or (before Linux 5.19) a signal has interrupted it, and it will be announced again. */
static void answer(struct supervisor *supervisor)
{
    handle(supervisor);
    if (filter_continue(supervisor->listener, supervisor->state->id))
        return;
    struct task *task = task_find(supervisor, (pid_t)supervisor->state->pid);
    if (task != NULL)
        task->call.pending = false;
}

/* --- start, loop, end ------------------------------------------------------------------------- */

static bool send_descriptor(int socket, int fd)
{
    char byte = 0, control[CMSG_SPACE(sizeof fd)] = {0};
    struct iovec part = {&byte, 1};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(socket, &message, 0) == 1;
}

/* The listener that the child sends; -1: it sent an error instead, which is in errno. */
static int receive_descriptor(int socket)
{
    int error = 0, fd;
    char control[CMSG_SPACE(sizeof fd)] = {0};
    struct iovec part = {&error, sizeof error};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header == NULL) {
        errno = got == sizeof error ? error : ECHILD;
        return -1;
    }
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

/* The child: the filter, then the program. */
static _Noreturn void begin(int socket, char **command, const sigset_t *mask)
{
    int listener = filter_install();
    if (listener < 0) {
        int error = errno;
        (void)!write(socket, &error, sizeof error);
        _exit(STATUS_USAGE);
    }
    if (!send_descriptor(socket, listener))
        _exit(STATUS_USAGE);
    close(listener);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(command[0], command);
    int error = errno;
    (void)!write(socket, &error, sizeof error);
    _exit(error == ENOENT ? STATUS_NOT_FOUND : STATUS_UNUSABLE);
}

/* The signals that end this process are for the program, if somebody sends them; those of a
 * terminal reach it anyway. */
static pid_t signal_child;
static void pass_on(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (info->si_code <= 0 && signal_child > 0)
        kill(signal_child, number);
}

static void catch_signals(pid_t child)
{
    static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    struct sigaction action = {.sa_sigaction = pass_on, .sa_flags = SA_SIGINFO | SA_RESTART};
    signal_child = child;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction old;
        sigaction(numbers[i], NULL, &old);
        if (old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    }
}

/* Writes residency and layout of a process, if no call of it is under way: what its threads have
 * called has to be known before. false: one is. */
static bool check(struct supervisor *supervisor, struct target *target, uint64_t now)
{
    if (execs(target) || target_is_replaced(target))
        return false; /* its maps may be another program's already */
    for (struct task *task = target->members; task != NULL; task = task->next_member) {
        if (!resolve_matters(task) || resolve_call(supervisor->recording, task, RESOLVE_EARLY))
            continue;
        if (!has_returned(task))
            return false;
        resolve_last(supervisor, task);
    }
    if (resolve_check(supervisor->recording, target, now))
        recording_layout(supervisor->recording, target, now, "checkpoint");
    return true;
}

/* false: one process has to be asked again. */
static bool checkpoint(struct supervisor *supervisor, uint64_t now)
{
    bool done = true;
    for (struct target *target = supervisor->targets; target != NULL; target = target->next)
        if (target->phase == TARGET_RUNNING)
            done &= check(supervisor, target, now);
    return done;
}

/* Ends the targets whose address space is gone without an exit_group that was announced: a signal
 * has killed them; or with one, when other threads had been there. */
static void sweep(struct supervisor *supervisor)
{
    for (struct target *target = supervisor->targets, *next; target != NULL; target = next) {
        next = target->next;
        if (target->phase < TARGET_RUNNING || execs(target) || !target_is_replaced(target))
            continue;
        if (target->phase == TARGET_RUNNING)
            recording_layout(supervisor->recording, target, recording_now(), "killed");
        task_remove_others(supervisor, target->members);
        task_remove(supervisor, target->members);
    }
}

/* Interrupts a wait for the next notification. */
static volatile sig_atomic_t ticked;
static void on_tick(int number)
{
    (void)number;
    ticked = 1;
}

/* One that ticks when a buffer has to be written, or residency be read; and SIGCHLD. */
static void start_ticks(const struct supervisor *supervisor)
{
    enum { TRACE_MS = 10 }; /* a pipe that is full stops the program */
    uint64_t ms = supervisor->options->trace >= 0 ? TRACE_MS : FLUSH_MS;
    if (supervisor->options->resident != 0 && supervisor->options->resident < ms)
        ms = supervisor->options->resident;
    const struct itimerval interval = {{(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)},
                                       {(time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000)}};
    struct sigaction action = {.sa_handler = on_tick}; /* without SA_RESTART */
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    setitimer(ITIMER_REAL, &interval, NULL);
}

/* Waits for the program, once. */
static void reap(struct supervisor *supervisor)
{
    while (!supervisor->reaped) {
        pid_t pid = waitpid(supervisor->child, &supervisor->status, 0);
        supervisor->reaped = pid == supervisor->child || (pid < 0 && errno != EINTR);
    }
    signal_child = 0; /* its number may be another's */
}

/* What has to be done now and then. false: the program has ended, and nobody else is recorded. */
static bool tick(struct supervisor *supervisor, uint64_t *next)
{
    struct recording *recording = supervisor->recording;
    struct pollfd fds[2] = {{.fd = supervisor->listener, .events = POLLIN},
                            {.fd = supervisor->child_fd, .events = POLLIN}};
    uint64_t now = recording_now();
    take_trace(supervisor);
    sweep(supervisor);
    uint64_t interval = supervisor->options->resident * 1000000;
    if (interval != 0 && now >= *next && checkpoint(supervisor, now))
        *next = now + interval;
    if (recording->length > 0 && now - recording->flushed > FLUSH_MS * (uint64_t)1000000)
        recording_flush(recording);
    if (poll(fds, 2, 0) <= 0 || (fds[0].revents & POLLIN) != 0)
        return true;
    /* until Linux 6.11 a process that is not waited for keeps its filter, and there is no POLLHUP
     */
    if (fds[1].revents != 0)
        reap(supervisor);
    return (fds[0].revents & (POLLHUP | POLLERR)) == 0 &&
           (fds[1].revents == 0 || supervisor->options->follow);
}

/* Waits for notifications without poll(2), which would be one more system call for each. A signal
 * interrupts the wait; the ticks come again and again, so that none is missed. */
static void loop(struct supervisor *supervisor)
{
    struct filter_state *state = supervisor->state;
    uint64_t next = recording_now() + supervisor->options->resident * 1000000;
    start_ticks(supervisor);
    do {
        ticked = 0;
        while (!ticked && filter_receive(supervisor->listener, state)) {
            answer(supervisor);
            if (supervisor->ending) {
                struct pollfd fds[2] = {{.fd = supervisor->listener, .events = POLLIN},
                                        {.fd = supervisor->child_fd, .events = POLLIN}};
                if (poll(fds, 2, FLUSH_MS) <= 0 || (fds[0].revents & POLLIN) == 0)
                    break;
            }
        }
    } while (tick(supervisor, &next));
}

static int finish(struct supervisor *supervisor, const char *program)
{
    int error = 0;
    char text[16];
    reap(supervisor);
    const int status = supervisor->status;
    take_trace(supervisor);
    bool started = recv(supervisor->socket, &error, sizeof error, MSG_DONTWAIT) != sizeof error;
    sweep(supervisor);
    snprintf(text, sizeof text, "%d", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    recording_note(supervisor->recording, "end", supervisor->child, 0, recording_now(),
                   WIFSIGNALED(status) ? "signal" : "status", text);
    recording_end(supervisor->recording);
    supervisor->options->finish(supervisor->options);
    if (!started)
        return tool_error(error == ENOENT ? STATUS_NOT_FOUND : STATUS_UNUSABLE, program,
                          "cannot run it (%s)", strerror(error));
    if (!WIFSIGNALED(status))
        return WEXITSTATUS(status);
    /* the caller sees the signal; a core file would be this process's, and replace the program's */
    struct rlimit none = {0, 0};
    sigset_t all;
    setrlimit(RLIMIT_CORE, &none);
    signal(WTERMSIG(status), SIG_DFL);
    sigfillset(&all);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    kill(getpid(), WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

/* Starts the child, and fills in what is known of it. false: reported. */
static bool start(struct supervisor *supervisor)
{
    sigset_t all, mask;
    int ends[2];
    void *shared = mmap(NULL, sizeof *supervisor->state, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return tool_error(0, NULL, "cannot begin (%s)", strerror(errno));
    supervisor->state = shared;
    /* a signal that comes before its handler waits */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &mask);
    supervisor->child = fork();
    if (supervisor->child < 0)
        return tool_error(0, NULL, "cannot start a process (%s)", strerror(errno));
    if (supervisor->child == 0) {
        close(ends[0]);
        begin(ends[1], supervisor->options->command, &mask);
    }
    close(ends[1]);
    supervisor->socket = ends[0];
    supervisor->listener = receive_descriptor(ends[0]);
    if (supervisor->listener < 0)
        return tool_error(0, NULL,
                          errno == EBUSY
                              ? "a filter with a listener is in place already (%s)"
                              : "cannot install a seccomp filter with a listener (%s): it takes "
                                "Linux 5.5, and no other such filter",
                          strerror(errno));
    task_join(task_add(supervisor, supervisor->child), target_add(supervisor, supervisor->child));
    target_hold(supervisor->targets);
    /* the first call is execve, which takes the kernel a while: the rest is done meanwhile */
    if (filter_receive(supervisor->listener, supervisor->state))
        answer(supervisor);
    if (!filter_guard(supervisor->listener, supervisor->state))
        tool_error(0, NULL, "no guardian (%s): if umaps is killed, the program's memory calls fail",
                   strerror(errno));
    supervisor->child_fd = (int)syscall(SYS_pidfd_open, supervisor->child, 0);
    catch_signals(supervisor->child);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    filter_synchronous(supervisor->listener);
    return true;
}

int supervise(const struct supervise_options *options, struct recording *recording)
{
    struct supervisor *supervisor = calloc(1, sizeof *supervisor);
    if (supervisor == NULL)
        return tool_error(STATUS_USAGE, NULL, "no memory");
    supervisor->options = options;
    supervisor->recording = recording;
    if (!start(supervisor)) {
        options->finish(options);
        return STATUS_USAGE;
    }
    loop(supervisor);
    return finish(supervisor, options->program);
}
