/* What uexec tells rt, and what rt does for it (base/handoff.h). */
#include "base/handoff.h"
#include "allocate.h"
#include "base/syscall.h"
#include "base/text.h"
#include "fixed.h"
#include "rules.h"
#include "start.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Each function takes the value of its word, a text that ends in NUL. */
static void take_linker(struct start *start, char *value)
{
    start->linker_path = value;
}

static void take_program(struct start *start, char *value)
{
    (void)start;
    fixed.search.program = value;
}

static void take_trace(struct start *start, char *value)
{
    const char *wrong;
    (void)start;
    trace_parse(value, &wrong);
}

static void take_json(struct start *start, char *value)
{
    (void)start;
    (void)value;
    trace_state.json = true;
}

static uint64_t number(char *value)
{
    const char *text = value;
    return text_parse_decimal(&text);
}

static void take_output(struct start *start, char *value)
{
    (void)start;
    trace_state.output = (int)number(value);
}

static void take_epoch(struct start *start, char *value)
{
    (void)start;
    trace_state.epoch = number(value);
}

static void take_rules(struct start *start, char *value)
{
    start->rules = value;
}

static void take_textrel(struct start *start, char *value)
{
    (void)start;
    (void)value;
    fixed.text_relocations = true;
}

static void take_lazy(struct start *start, char *value)
{
    (void)value;
    start->lazy = true;
}

static void take_verbose(struct start *start, char *value)
{
    (void)value;
    start->verbose = true;
}

static void take_report(struct start *start, char *value)
{
    start->report = (long)number(value);
}

static void take_again(struct start *start, char *value)
{
    const char *text = value;
    start->again = text_parse_decimal(&text);
    start->tail = text_parse_decimal(&text);
}

static void take_ready(struct start *start, char *value)
{
    const char *text = value;
    start->ready = (long)text_parse_decimal(&text);
    start->reader = (long)text_parse_decimal(&text);
}

static void take_stop(struct start *start, char *value)
{
    const char *text = value;
    start->stop = (long)text_parse_decimal(&text);
    start->stop_line = value + (text - value) + (*text == ' ');
}

/* base/handoff.h */
static const struct {
    char word[8];
    void (*take)(struct start *start, char *value);
} words[] = {
    {"linker", take_linker},   {"program", take_program}, {"trace", take_trace},
    {"json", take_json},       {"output", take_output},   {"epoch", take_epoch},
    {"rules", take_rules},     {"textrel", take_textrel}, {"lazy", take_lazy},
    {"verbose", take_verbose}, {"report", take_report},   {"again", take_again},
    {"ready", take_ready},     {"stop", take_stop},
};

static void take_line(struct start *start, char *line)
{
    size_t length = strcspn(line, " ");
    char *value = line + length + (line[length] == ' ');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == length && memcmp(words[i].word, line, length) == 0)
            words[i].take(start, value);
}

void handoff_read(struct start *start)
{
    char *line = (char *)start->handoff->a_un.a_val;
    start->handoff->a_type = AT_IGNORE;
    start->handoff->a_un.a_val = 0;
    start->again_strings = line + strlen(line) + 1;
    while (*line != '\0') {
        char *end = line + strcspn(line, "\n");
        bool last = *end == '\0';
        *end = '\0';
        take_line(start, line);
        if (last)
            break;
        line = end + 1;
    }
}

long handoff_start_again(const struct start *start)
{
    /* argv[0], the word for it, the options and the program's name, its arguments */
    size_t count = start->again + 1 + start->tail;
    const char **argv = allocate((count + 1) * sizeof *argv), **to = argv;
    const char *text = start->again_strings, *tool = text;
    long report = trace_state.output != 2 ? trace_state.output : start->report;
    char word[sizeof HANDOFF_AGAIN + 20];
    if (argv == NULL || start->tail > (size_t)start->argc)
        return -ENOMEM;
    text_format(word, sizeof word, "%s%ld", HANDOFF_AGAIN, report < 0 ? 2 : report);
    text += strlen(text) + 1;
    for (size_t i = 0; i < start->again; i++, text += strlen(text) + 1) {
        *to++ = text;
        if (i == 0)
            *to++ = word;
    }
    for (size_t i = 0; i < start->tail; i++)
        *to++ = start->argv[(size_t)start->argc - start->tail + i];
    if (start->ready >= 0) { /* the reader finds the end of the stream, and prints nothing */
        sys_call(SYS_close, start->ready);
        sys_call(SYS_wait4, start->reader, NULL, 0x40000000 /* __WALL */, NULL);
    }
    if (report >= 0)
        sys_call(SYS_fcntl, report, F_SETFD, 0);
    long answer = sys_call(SYS_execve, tool, argv, start->envp);
    if (report >= 0)
        sys_call(SYS_fcntl, report, F_SETFD, FD_CLOEXEC);
    return answer;
}

void handoff_ready(const struct start *start)
{
    char byte = 0;
    long got;
    if (start->report >= 0)
        sys_call(SYS_close, start->report);
    if (start->ready < 0)
        return;
    sys_call(SYS_write, start->ready, &byte, 1);
    do
        got = sys_call(SYS_read, start->ready, &byte, 1);
    while (got > 0 || got == -4 /* EINTR */);
    sys_call(SYS_close, start->ready);
    sys_call(SYS_wait4, start->reader, NULL, 0x40000000 /* __WALL */, NULL);
}

void handoff_stop(const struct start *start)
{
    /* the kernel's struct sigaction: SIG_IGN, no flags, no restorer, an empty mask */
    unsigned long ignored[4] = {1}, before[4];
    if (start->stop == 0)
        return;
    size_t length = strlen(start->stop_line);
    if (length > 0) {
        start->stop_line[length] = '\n'; /* as it was in the hand-off */
        sys_call(SYS_write, 2, start->stop_line, length + 1);
    }
    /* a tracer may pass the signal on (SIGSTOP cannot be ignored) */
    bool changed = !sys_failed(sys_call(SYS_rt_sigaction, start->stop, ignored, before, 8));
    sys_call(SYS_kill, sys_call(SYS_getpid), start->stop);
    if (changed)
        sys_call(SYS_rt_sigaction, start->stop, before, NULL, 8);
}
