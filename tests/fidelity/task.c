/* The thread and its attributes, as system calls tell them. */
#include "out.h"
#include "probe.h"
#include "raw.h"

#include <sys/wait.h>

/* Numbers of prctl(2), arch_prctl(2) and others, spelt out: the C library's headers may be older
 * than the kernel. Those with `pointer` store an int (or, a name, 16 bytes) there. */
static const struct question {
    char name[20];
    uint32_t number;
    enum { RETURNED, STORED, STORED_ADDRESS, STORED_NAME } shape;
} prctls[] = {
    {"pdeathsig", 2, STORED},
    {"dumpable", 3, RETURNED},
    {"keepcaps", 7, RETURNED},
    {"timing", 13, RETURNED},
    {"name", 16, STORED_NAME},
    {"seccomp", 21, RETURNED},
    {"tsc", 25, STORED},
    {"securebits", 27, RETURNED},
    {"timerslack", 30, RETURNED},
    {"mce-kill", 34, RETURNED},
    {"child-subreaper", 37, STORED},
    {"no-new-privs", 39, RETURNED},
    {"tid-address", 40, STORED_ADDRESS},
    {"thp-disable", 42, RETURNED},
    {"io-flusher", 58, RETURNED},
    {"mdwe", 66, RETURNED},
    {"memory-merge", 68, RETURNED},
};

static const struct question arch_prctls[] = {
    {"cpuid", 0x1011, RETURNED},
    {"xcomp-permitted", 0x1022, STORED},
    {"untag-mask", 0x4001, STORED},
    {"shadow-stack", 0x5005, STORED},
};

static void ask(const char *family, long call, const struct question *question)
{
    uint64_t stored[2] = {0, 0};
    uint64_t argument = question->shape == RETURNED ? 0 : (uintptr_t)stored;
    long got = raw_call(call, question->number, argument, 0, 0, 0, 0);
    out_text(family);
    out_item(question->name);
    if (question->shape == RETURNED || got < 0)
        out_decimal(got);
    else if (question->shape == STORED)
        out_hex(stored[0]);
    else if (question->shape == STORED_ADDRESS)
        out_address(stored[0]);
    else
        out_quoted((const char *)stored);
    out_end();
}

static uint64_t count_entries(const char *path)
{
    char entries[2048];
    uint64_t count = 0;
    int fd = raw_open(path, O_RDONLY | O_DIRECTORY);
    for (long got;
         (got = raw_call3(SYS_getdents64, (uint64_t)fd, (uintptr_t)entries, sizeof entries)) > 0;) {
        for (long at = 0; at < got; at += *(uint16_t *)(entries + at + 16))
            count += entries[at + 19] != '.';
    }
    raw_call3(SYS_close, (uint64_t)fd, 0, 0);
    return count;
}

static void look_thread(void)
{
    uint64_t head = 1, length = 0;
    raw_call3(SYS_get_robust_list, 0, (uintptr_t)&head, (uintptr_t)&length);
    out_line_address("thread.robust-list", head);
    out_line_decimal("thread.robust-list-length", (int64_t)length);

    /* An area for restartable sequences can be registered only if none is. */
    static struct {
        _Alignas(32) uint32_t words[8];
    } area = {{0, (uint32_t)-1, 0, 0, 0, 0, 0, 0}};
    long got = raw_call(SYS_rseq, (uintptr_t)&area, sizeof area, 0, 0x53053053, 0, 0);
    out_line_decimal("thread.rseq-registration", got);
    if (got == 0)
        raw_call(SYS_rseq, (uintptr_t)&area, sizeof area, 1, 0x53053053, 0, 0);

    out_line_decimal("thread.membarrier", raw_call3(SYS_membarrier, 1 << 9, 0, 0));
    out_line_decimal("thread.tasks", (int64_t)count_entries("/proc/self/task"));
    out_line_text("thread.pid-is-tid",
                  raw_call3(SYS_getpid, 0, 0, 0) == raw_call3(SYS_gettid, 0, 0, 0) ? "yes" : "no");
    /* -10 is ECHILD: there is none, not even a dead one */
    out_line_decimal("thread.children", raw_call(SYS_wait4, (uint64_t)-1, 0,
                                                 WNOHANG | 0x40000000 /* __WALL */, 0, 0, 0));
}

static void look_limits(void)
{
    for (uint64_t i = 0; i < 16; i++) {
        uint64_t limit[2] = {0, 0};
        raw_call3(SYS_getrlimit, i, (uintptr_t)limit, 0);
        out_item_number("limit", i);
        out_hex(limit[0]);
        out_text(" ");
        out_hex(limit[1]);
        out_end();
    }
}

static void look_timers(void)
{
    for (uint64_t i = 0; i < 3; i++) {
        uint64_t timer[4] = {0, 0, 0, 0};
        raw_call3(SYS_getitimer, i, (uintptr_t)timer, 0);
        /* what is left of a running one depends on the moment */
        out_item_number("timer", i);
        out_text(timer[2] != 0 || timer[3] != 0 ? "set" : "not set");
        out_end();
    }
}

void look_task(void)
{
    for (size_t i = 0; i < sizeof prctls / sizeof *prctls; i++)
        ask("prctl.", SYS_prctl, &prctls[i]);
    for (size_t i = 0; i < sizeof arch_prctls / sizeof *arch_prctls; i++)
        ask("arch-prctl.", SYS_arch_prctl, &arch_prctls[i]);
    look_thread();
    look_limits();
    look_timers();
    long mask = raw_call3(SYS_umask, 0, 0, 0);
    raw_call3(SYS_umask, (uint64_t)mask, 0, 0);
    out_line_hex("task.umask", (uint64_t)mask);
    out_line_hex("task.personality", (uint64_t)raw_call3(SYS_personality, 0xffffffff, 0, 0));
    out_line_decimal("task.scheduler", raw_call3(SYS_sched_getscheduler, 0, 0, 0));
    out_line_decimal("task.priority", raw_call3(SYS_getpriority, 0, 0, 0));
    out_line_decimal("task.io-priority", raw_call3(SYS_ioprio_get, 1, 0, 0));
    uint64_t cpus[16] = {0};
    long bytes = raw_call3(SYS_sched_getaffinity, 0, sizeof cpus, (uintptr_t)cpus);
    out_line_hex("task.affinity", hash_bytes(HASH_START, cpus, bytes < 0 ? 0 : (size_t)bytes));
}

void look_signals(void)
{
    uint64_t set = 0, stack[3] = {0, 0, 0};
    raw_call(SYS_rt_sigprocmask, 0, 0, (uintptr_t)&set, sizeof set, 0, 0);
    out_line_hex("signal.blocked", set);
    raw_call3(SYS_rt_sigpending, (uintptr_t)&set, sizeof set, 0);
    out_line_hex("signal.pending", set);
    raw_call3(SYS_sigaltstack, 0, (uintptr_t)stack, 0);
    out_item("signal.stack");
    out_address(stack[0]);
    out_text(" flags ");
    out_hex((uint32_t)stack[1]);
    out_text(" size ");
    out_hex(stack[2]);
    out_end();
    for (uint64_t i = 1; i <= 64; i++) {
        uint64_t action[4] = {0, 0, 0, 0}; /* handler, flags, restorer, mask */
        raw_call(SYS_rt_sigaction, i, 0, (uintptr_t)action, sizeof set, 0, 0);
        out_item_number("signal.action", i);
        for (int j = 0; j < 4; j++) {
            out_text(j == 0 ? "" : " ");
            out_address(action[j]);
        }
        out_end();
    }
}
