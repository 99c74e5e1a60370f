#include "compare.h"

#include "../inspect/json.h"
#include "../inspect/process.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Between the tool's last stop and the entry point: the kill(2), the registers,
 * the munmap(2) and what the gadget has; with room to spare. */
enum { STEPS_TO_ENTRY = 200 };

/* One difference; `why` not NULL: it is known and has this reason. */
struct difference {
    const char *group, *name, *kernel, *uexec, *why;
};

/* A process that is to be compared.  It is seized before it does anything, so
 * that it dies with this one (PTRACE_O_EXITKILL) and never runs on alone. */
struct subject {
    const char *who; /* for messages */
    int pid;
    int go;    /* written to when it is seized; closed by then on its side */
    int entry; /* what it says: where the program begins */
};

struct comparison {
    struct process kernel, uexec;
    struct difference *differences; /* from malloc */
    size_t count, unexplained;
    bool addresses; /* compared too, ASLR being off */
};

static void end(struct subject *subject)
{
    kill(subject->pid, SIGKILL);
    waitpid(subject->pid, NULL, __WALL);
    close(subject->go);
    close(subject->entry);
}

/* It ended before it stopped: with a status that says what it could not do, or
 * with one of its own, which it should not have come to. */
static bool ended(const struct subject *subject, int status, struct problem *problem)
{
    if (WIFSIGNALED(status))
        return problem_set(problem, STATUS_UNUSABLE, "--compare: %s was killed by signal %d",
                           subject->who, WTERMSIG(status));
    int code = WEXITSTATUS(status);
    return problem_set(problem, code == STATUS_UNUSABLE ? code : STATUS_USAGE,
                       "--compare: %s ended with status %d", subject->who, code);
}

/* The stops that are waited for, and how a process is made to go on to them. */
enum stop { STOP_EXEC, STOP_EXEC_END, STOP_OWN, STOP_STEP };

static const int stop_request[] = {
    [STOP_EXEC] = PTRACE_CONT,        /* in execve, the new program is there */
    [STOP_EXEC_END] = PTRACE_SYSCALL, /* at the end of that system call: the entry point */
    [STOP_OWN] = PTRACE_CONT,         /* SIGSTOP that the process has sent itself */
    [STOP_STEP] = PTRACE_SINGLESTEP,  /* one instruction on */
};

static bool is_stop(const struct subject *subject, enum stop stop, int status)
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
               ptrace(PTRACE_GETSIGINFO, subject->pid, NULL, &info) == 0 &&
               info.si_pid == subject->pid;
    case STOP_STEP:
        return event == 0 && signal == SIGTRAP;
    }
    return false;
}

/* Let it go on to a stop.  Whatever else stops it is passed on, as if nobody
 * traced it: SIGWINCH from a terminal, for one.  false: *problem. */
static bool go_on(const struct subject *subject, enum stop stop, struct problem *problem)
{
    int status, signal = 0;
    /* the first of these runs already: it has just been seized */
    bool running = stop == STOP_EXEC || stop == STOP_OWN;
    for (;;) {
        if (!running && ptrace(stop_request[stop], subject->pid, NULL, signal) != 0)
            return problem_set(problem, STATUS_USAGE, "--compare: %s is gone (%s)", subject->who,
                               message_errno(errno));
        running = false;
        while (waitpid(subject->pid, &status, __WALL) < 0) {
            if (errno != EINTR)
                return problem_set(problem, STATUS_USAGE, "--compare: cannot wait (%s)",
                                   message_errno(errno));
        }
        if (!WIFSTOPPED(status))
            return ended(subject, status, problem);
        if (is_stop(subject, stop, status))
            return true;
        signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
    }
}

/* Fork a child that waits until it is seized and then calls `run`, which does
 * not return.  false: *problem. */
static bool start(struct subject *subject, const char *who, void (*run)(int entry, void *context),
                  void *context, struct problem *problem)
{
    int go[2], entry[2];
    *subject = (struct subject){.who = who};
    if (pipe2(go, O_CLOEXEC) != 0 || pipe2(entry, O_CLOEXEC) != 0)
        return problem_set(problem, STATUS_USAGE, "--compare: no pipe (%s)", message_errno(errno));
    subject->pid = fork();
    if (subject->pid < 0)
        return problem_set(problem, STATUS_USAGE, "--compare: no process (%s)",
                           message_errno(errno));
    if (subject->pid == 0) {
        char byte;
        close(go[1]);
        close(entry[0]);
        /* end of file: the tracer is gone, or could not trace */
        if (read(go[0], &byte, 1) != 1)
            _exit(STATUS_USAGE);
        close(go[0]);
        run(entry[1], context);
        _exit(STATUS_USAGE);
    }
    close(go[0]);
    close(entry[1]);
    subject->go = go[1];
    subject->entry = entry[0];
    if (ptrace(PTRACE_SEIZE, subject->pid, NULL,
               PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESYSGOOD) != 0) {
        problem_fill(problem, STATUS_USAGE, "--compare: cannot trace a process (%s)",
                     message_errno(errno));
        end(subject);
        return false;
    }
    return write(subject->go, "x", 1) == 1 ||
           problem_set(problem, STATUS_USAGE, "--compare: %s is gone", who);
}

/* What both children need; each has its copy. */
struct context {
    struct report *report;
    struct launch *launch;
    const struct self *self;
};

/* The child that the kernel loads. */
static void run_kernel(int entry, void *context)
{
    const struct launch *launch = ((struct context *)context)->launch;
    close(entry);
    execve(launch->execfn, launch->asked_argv, launch->envp);
    message(launch->execfn, "--compare: execve refuses it (%s)", message_errno(errno));
    _exit(STATUS_UNUSABLE);
}

/* The child that uexec loads, in place as ever. */
static void run_uexec(int entry, void *context)
{
    struct context *both = context;
    struct problem problem;
    struct loading loading;
    struct watch watch = {.ready = -1,
                          .report = both->report->opened ? both->report->fd : -1,
                          .stop = true};
    if (exec_map(&loading, both->launch, both->self, &problem)) {
        if (write(entry, &loading.entry, sizeof loading.entry) != sizeof loading.entry)
            _exit(STATUS_USAGE);
        close(entry);
        exec_hand_over(&loading, both->launch, &watch, false, &problem);
    }
    message(both->launch->execfn, "%s", problem.text);
    _exit(problem.status);
}

/* From the tool's own stop, right before its last system call, to the entry point. */
static bool step_to_entry(struct subject *subject, struct problem *problem)
{
    uint64_t entry;
    struct user_regs_struct registers;
    if (read(subject->entry, &entry, sizeof entry) != sizeof entry)
        return problem_set(problem, STATUS_USAGE, "--compare: %s says no entry point",
                           subject->who);
    for (int i = 0; i < STEPS_TO_ENTRY; i++) {
        if (ptrace(PTRACE_GETREGS, subject->pid, NULL, &registers) != 0)
            break;
        if (registers.rip == entry)
            return true;
        if (!go_on(subject, STOP_STEP, problem))
            return false;
    }
    return problem_set(problem, STATUS_USAGE, "--compare: %s did not reach the entry point",
                       subject->who);
}

/* Both processes, at their entry points.  false: *problem, and neither is left. */
static bool start_both(struct subject *kernel, struct subject *uexec, struct context *context,
                       struct problem *problem)
{
    if (!start(kernel, "execve's process", run_kernel, context, problem))
        return false;
    /* or the second child would have them open */
    close(kernel->go);
    close(kernel->entry);
    kernel->go = kernel->entry = -1;
    if (go_on(kernel, STOP_EXEC, problem) && go_on(kernel, STOP_EXEC_END, problem) &&
        start(uexec, "uexec's process", run_uexec, context, problem)) {
        if (go_on(uexec, STOP_OWN, problem) && step_to_entry(uexec, problem))
            return true;
        end(uexec);
    }
    end(kernel);
    return false;
}

static void add_difference(struct comparison *comparison, struct difference difference)
{
    struct difference *more =
        realloc(comparison->differences, (comparison->count + 1) * sizeof *comparison->differences);
    if (more == NULL)
        return;
    comparison->differences = more;
    more[comparison->count++] = difference;
    comparison->unexplained += difference.why == NULL;
}

/* What is known to differ, and why. */
static const char *reason(const struct process *process, const struct process_item *item)
{
    /* capabilities(7): either sets /proc/PID/exe */
    const uint64_t setting = 1ull << 21 /* CAP_SYS_ADMIN */ | 1ull << 40 /* ..._RESTORE */;
    const char *effective = process_find(process, "status", "CapEff");
    if (strcmp(item->group, "proc") == 0 && strcmp(item->name, "exe") == 0 && effective != NULL &&
        (strtoull(effective, NULL, 16) & setting) == 0)
        return "setting it takes CAP_CHECKPOINT_RESTORE";
    return NULL;
}

static void compare_items(struct comparison *comparison)
{
    const struct process *kernel = &comparison->kernel, *uexec = &comparison->uexec;
    for (size_t i = 0; i < kernel->count; i++) {
        const struct process_item *item = &kernel->items[i];
        const char *other = process_find(uexec, item->group, item->name);
        if (other == NULL || strcmp(item->value, other) != 0)
            add_difference(comparison, (struct difference){item->group, item->name, item->value,
                                                           other, reason(kernel, item)});
    }
    for (size_t i = 0; i < uexec->count; i++) {
        const struct process_item *item = &uexec->items[i];
        if (process_find(kernel, item->group, item->name) == NULL)
            add_difference(comparison,
                           (struct difference){item->group, item->name, NULL, item->value, NULL});
    }
}

/* Two mappings are the same if all that maps says of them is; of the addresses,
 * the size alone where they are random. */
static bool same_mapping(const struct mapping *a, const struct mapping *b, bool addresses)
{
    return a->end - a->start == b->end - b->start && (!addresses || a->start == b->start) &&
           strcmp(a->permissions, b->permissions) == 0 && a->offset == b->offset &&
           a->inode == b->inode && strcmp(a->device, b->device) == 0 &&
           strcmp(a->name, b->name) == 0;
}

static char *mapping_text(const struct mapping *mapping)
{
    char *text, size[24];
    if (asprintf(&text, "%012" PRIx64 "-%012" PRIx64 " %6s %s %s", mapping->start, mapping->end,
                 table_size(mapping->end - mapping->start, size), mapping->permissions,
                 mapping->name) < 0)
        return NULL;
    return text;
}

/* The two layouts in one pass, by address: *left and *right are the next pair,
 * NULL where one side has nothing there.  false: both are at their end. */
static bool next_pair(const struct comparison *comparison, size_t at[2],
                      const struct mapping **left, const struct mapping **right)
{
    const struct maps *a = &comparison->kernel.maps, *b = &comparison->uexec.maps;
    *left = at[0] < a->count ? &a->entries[at[0]] : NULL;
    *right = at[1] < b->count ? &b->entries[at[1]] : NULL;
    if (*left != NULL && *right != NULL && comparison->addresses) {
        if ((*left)->start < (*right)->start)
            *right = NULL;
        else if ((*right)->start < (*left)->start)
            *left = NULL;
    }
    at[0] += *left != NULL;
    at[1] += *right != NULL;
    return *left != NULL || *right != NULL;
}

static void compare_maps(struct comparison *comparison)
{
    const struct mapping *left, *right;
    for (size_t at[2] = {0, 0}; next_pair(comparison, at, &left, &right);) {
        if (left != NULL && right != NULL && same_mapping(left, right, comparison->addresses))
            continue;
        add_difference(comparison,
                       (struct difference){"maps", "mapping",
                                           left == NULL ? NULL : mapping_text(left),
                                           right == NULL ? NULL : mapping_text(right), NULL});
    }
}

/* One side of a row: 58 columns. */
enum { SIDE = 58 };

static void side_text(const struct mapping *mapping, char text[SIDE + 1])
{
    char size[24];
    if (mapping == NULL) {
        memset(text, ' ', SIDE);
        text[SIDE] = '\0';
        return;
    }
    enum { NAME_ROOM = SIDE - 25 - 1 - 6 - 1 - 4 - 1 };
    char name[64];
    snprintf(text, SIDE + 1, "%012" PRIx64 "-%012" PRIx64 " %6s %s %-*s", mapping->start,
             mapping->end, table_size(mapping->end - mapping->start, size), mapping->permissions,
             NAME_ROOM, table_name(mapping->name, NAME_ROOM, name));
}

/* Side by side where there is room for it; else one column, in which only what
 * differs is said twice. */
static void print_layouts(const struct table_style *style, const struct comparison *comparison)
{
    const struct mapping *left, *right;
    bool wide = style->width == 0 || style->width >= 2 * SIDE + 7;
    char a[SIDE + 1], b[SIDE + 1];
    if (wide)
        fprintf(style->out, "  %-*s   %s\n", SIDE, "execve", "uexec");
    for (size_t at[2] = {0, 0}; next_pair(comparison, at, &left, &right);) {
        bool same = left != NULL && right != NULL &&
                    same_mapping(left, right, comparison->addresses);
        const struct mapping *some = left != NULL ? left : right;
        const char *color = same ? table_color(style, mapping_kind(some)) : "";
        side_text(left, a);
        side_text(right, b);
        if (wide)
            fprintf(style->out, "%c %s%s%s %c %s%s%s\n", same ? ' ' : '!', color, a,
                    table_plain(style), same ? '=' : '!', color, b, table_plain(style));
        else if (same)
            fprintf(style->out, "= %s%s%s\n", color, a, table_plain(style));
        else
            fprintf(style->out, "%s%s%s%s%s%s", left != NULL ? "execve < " : "",
                    left != NULL ? a : "", left != NULL ? "\n" : "",
                    right != NULL ? "uexec  > " : "", right != NULL ? b : "",
                    right != NULL ? "\n" : "");
    }
}

static void print_text(const struct table_style *style, const struct launch *launch,
                       const struct comparison *comparison)
{
    fprintf(style->out, "uexec: %s at its entry point, under execve and under uexec%s\n\n",
            launch->execfn,
            comparison->addresses ? ", both without ASLR"
                                  : "; ASLR cannot be switched off here, so not by address");
    print_layouts(style, comparison);
    fprintf(style->out,
            "\n  %zu mappings and %zu other items compared: ", comparison->kernel.maps.count,
            comparison->kernel.count);
    if (comparison->count == 0)
        fprintf(style->out, "no difference\n");
    else
        fprintf(style->out, "%zu different\n", comparison->count);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *difference = &comparison->differences[i];
        fprintf(style->out, "  %s, %s%s%s%s\n    execve: %s\n    uexec:  %s\n", difference->group,
                difference->name, difference->why == NULL ? "" : " (",
                difference->why == NULL ? "" : difference->why, difference->why == NULL ? "" : ")",
                difference->kernel == NULL ? "none" : difference->kernel,
                difference->uexec == NULL ? "none" : difference->uexec);
    }
}

static void json_maps(struct json *json, const char *name, const struct maps *maps)
{
    json_array(json, name);
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        json_object(json, NULL);
        json_hex(json, "start", mapping->start);
        json_hex(json, "end", mapping->end);
        json_string(json, "permissions", mapping->permissions);
        json_hex(json, "offset", mapping->offset);
        json_string(json, "name", mapping->name);
        json_end_object(json);
    }
    json_end_array(json);
}

static void json_value(struct json *json, const char *name, const char *value)
{
    if (value == NULL)
        json_null(json, name);
    else
        json_string(json, name, value);
}

static void print_json(FILE *out, const struct launch *launch, const struct comparison *comparison)
{
    struct json json = {.out = out};
    json_object(&json, NULL);
    json_string(&json, "schema", "uexec-compare");
    json_number(&json, "version", 1);
    json_string(&json, "program", launch->execfn);
    json_bool(&json, "addresses_compared", comparison->addresses);
    json_number(&json, "items_compared", comparison->kernel.count);
    json_maps(&json, "execve", &comparison->kernel.maps);
    json_maps(&json, "uexec", &comparison->uexec.maps);
    json_array(&json, "differences");
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *difference = &comparison->differences[i];
        json_object(&json, NULL);
        json_string(&json, "group", difference->group);
        json_string(&json, "name", difference->name);
        json_value(&json, "execve", difference->kernel);
        json_value(&json, "uexec", difference->uexec);
        json_value(&json, "reason", difference->why);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

int compare_run(struct report *report, struct launch *launch, const struct self *self,
                struct problem *problem)
{
    int persona = personality(0xffffffff);
    struct comparison comparison = {.addresses = persona != -1 &&
                                                 (persona & ADDR_NO_RANDOMIZE) != 0};
    struct subject kernel, uexec;
    struct context context = {report, launch, self};
    /* stepping takes SIGTRAP: default and unblocked for both, whatever was inherited */
    sigset_t trap;
    sigemptyset(&trap);
    sigaddset(&trap, SIGTRAP);
    sigprocmask(SIG_UNBLOCK, &trap, NULL);
    signal(SIGTRAP, SIG_DFL);
    if (!start_both(&kernel, &uexec, &context, problem))
        return -1;
    bool read_both = process_read(&comparison.kernel, kernel.pid, comparison.addresses) &&
                     process_read(&comparison.uexec, uexec.pid, comparison.addresses);
    int error = errno;
    end(&kernel);
    end(&uexec);
    if (!read_both) {
        problem_fill(problem, STATUS_USAGE, "--compare: cannot read a process (%s)",
                     message_errno(error));
        return -1;
    }
    compare_maps(&comparison);
    compare_items(&comparison);
    if (report->json)
        print_json(report->style.out, launch, &comparison);
    else
        print_text(&report->style, launch, &comparison);
    if (!report_flush(report, problem))
        return -1;
    return comparison.unexplained == 0 ? 0 : 1;
}
