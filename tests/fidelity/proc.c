/* What /proc/self says. */
#include "out.h"
#include "probe.h"
#include "raw.h"

static char text[256 * 1024];

/* The whole of a file as its first bytes, length and hash. */
static void look_bytes(const char *item, const char *path)
{
    long got = raw_read_file(path, text, sizeof text);
    out_item(item);
    if (got < 0) {
        out_decimal(got);
    } else {
        for (long i = 0; i < got && i < 80; i++)
            out_bytes_of(text[i] >= ' ' && text[i] <= '~' ? text + i : "|", 1);
        out_text(" ");
        out_decimal(got);
        out_text(" bytes ");
        out_hex(hash_bytes(HASH_START, text, (size_t)got));
    }
    out_end();
}

/* A file's lines as they are. */
static void look_lines(const char *item, const char *path)
{
    long got = raw_read_file(path, text, sizeof text);
    const char *end = text + (got < 0 ? 0 : got), *next;
    if (got <= 0)
        out_line_decimal(item, got);
    for (const char *at = text; at < end; at = next) {
        const char *stop = line_end(at, end);
        next = stop + (stop < end);
        out_item(item);
        out_bytes_of(at, (size_t)(stop - at));
        out_end();
    }
}

static void look_link(const char *item, const char *path)
{
    long got = raw_call(SYS_readlinkat, (uint64_t)AT_FDCWD, (uintptr_t)path, (uintptr_t)text,
                        sizeof text, 0, 0);
    out_item(item);
    if (got < 0)
        out_decimal(got);
    else
        out_bytes_of(text, (size_t)got);
    out_end();
}

/* proc(5), /proc/PID/stat. What belongs to the moment is left out: ids, times, page faults, sizes
 * in memory, where it waits. */
static const struct stat_row {
    uint8_t field;
    char name[16];
    enum { NUMBER, ADDRESS, FLAGS } shape;
} stat_rows[] = {
    {9, "flags", FLAGS},        {18, "priority", NUMBER},    {19, "nice", NUMBER},
    {20, "threads", NUMBER},    {21, "itrealvalue", NUMBER}, {23, "vsize", ADDRESS},
    {26, "startcode", ADDRESS}, {27, "endcode", ADDRESS},    {28, "startstack", ADDRESS},
    {31, "signal", NUMBER},     {32, "blocked", NUMBER},     {33, "sigignore", NUMBER},
    {34, "sigcatch", NUMBER},   {38, "exit_signal", NUMBER}, {40, "rt_priority", NUMBER},
    {41, "policy", NUMBER},     {45, "start_data", ADDRESS}, {46, "end_data", ADDRESS},
    {47, "start_brk", ADDRESS}, {48, "arg_start", ADDRESS},  {49, "arg_end", ADDRESS},
    {50, "env_start", ADDRESS}, {51, "env_end", ADDRESS},    {52, "exit_code", NUMBER},
};

/* PF_SUPERPRIV in the flags: a privilege was used, for which the loader may have reason
 * (/proc/self/exe); nothing depends on it. */
enum { USED_PRIVILEGE = 0x100 };

static void look_stat(void)
{
    uint64_t fields[64] = {0}, count = 3;
    long got = raw_read_file("/proc/self/stat", text, sizeof text);
    const char *end = text + (got < 0 ? 0 : got), *at = end;
    while (at > text && at[-1] != ')') /* the name may hold blanks and parentheses */
        at--;
    if (end - at < 3)
        return;
    at += 3; /* the state */
    while (at < end && count < 63) {
        while (at < end && (*at == ' ' || *at == '-'))
            at++;
        fields[++count] = take_number(&at, end, 10);
        while (at < end && *at != ' ')
            at++;
    }
    for (size_t i = 0; i < sizeof stat_rows / sizeof *stat_rows; i++) {
        const struct stat_row *row = &stat_rows[i];
        out_text("stat.");
        if (row->shape == NUMBER)
            out_line_decimal(row->name, (int64_t)fields[row->field]);
        else if (row->shape == ADDRESS)
            out_line_address(row->name, fields[row->field]);
        else
            out_line_hex(row->name, fields[row->field] & ~(uint64_t)USED_PRIVILEGE);
    }
}

/* Lines of status that belong to the moment, not to what was loaded. */
static bool is_passing(const char *at, const char *end)
{
    static const char names[][12] = {"State:",  "Tgid:",  "Ngid:",     "Pid:",     "PPid:",
                                     "NStgid:", "NSpid:", "NSpgid:",   "NSsid:",   "VmPeak:",
                                     "VmHWM:",  "VmRSS:", "RssAnon:",  "RssFile:", "RssShmem:",
                                     "VmPTE:",  "SigQ:",  "voluntary", "nonvolun"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (text_begins(at, end, names[i]))
            return true;
    }
    return false;
}

static void look_status(void)
{
    long got = raw_read_file("/proc/self/status", text, sizeof text);
    const char *end = text + (got < 0 ? 0 : got), *next;
    for (const char *at = text; at < end; at = next) {
        const char *stop = line_end(at, end);
        next = stop + (stop < end);
        if (is_passing(at, stop))
            continue;
        out_text("status.");
        out_bytes_of(at, (size_t)(stop - at));
        out_end();
    }
}

/* The kernel's copy of auxv must be the one on the stack. */
static void look_auxv_copy(void)
{
    long got = raw_read_file("/proc/self/auxv", text, sizeof text);
    out_line_decimal("proc.auxv.bytes", got);
    out_line_address("proc.auxv.hash", hash_bytes(HASH_START, text, got < 0 ? 0 : (size_t)got));
    const char *stack = (const char *)ground.auxv;
    bool same = got == (const char *)ground.auxv_end - stack;
    for (long i = 0; same && i < got; i++)
        same = text[i] == stack[i];
    out_line_text("proc.auxv", same ? "as on the stack" : "not as on the stack");
}

void look_proc(void)
{
    look_bytes("proc.cmdline", "/proc/self/cmdline");
    look_bytes("proc.environ", "/proc/self/environ");
    look_bytes("proc.comm", "/proc/self/comm");
    look_link("proc.exe", "/proc/self/exe");
    look_link("proc.cwd", "/proc/self/cwd");
    look_link("proc.root", "/proc/self/root");
    look_auxv_copy();
    look_stat();
    look_status();
    look_lines("proc.limits", "/proc/self/limits");
    look_lines("proc.timers", "/proc/self/timers");
    look_lines("proc.oom_score_adj", "/proc/self/oom_score_adj");
    look_lines("proc.coredump_filter", "/proc/self/coredump_filter");
    look_lines("proc.timerslack_ns", "/proc/self/timerslack_ns");
    look_lines("proc.personality", "/proc/self/personality");
    look_lines("proc.ksm", "/proc/self/ksm_stat");
}
