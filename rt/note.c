/* What uexec tells rt, and what rt does for it (loader/note.h). */
#include "allocate.h"
#include "protect.h"
#include "search.h"
#include "start.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static uint64_t parse_number(const char **text)
{
    uint64_t value = 0;
    while (**text == ' ')
        ++*text;
    while (**text >= '0' && **text <= '9')
        value = 10 * value + (uint64_t)(*(*text)++ - '0');
    return value;
}

void note_read(struct start *start)
{
    const char *wrong;
    char *line = (char *)start->note->a_un.a_val;
    start->note->a_type = AT_IGNORE;
    start->note->a_un.a_val = 0;
    start->again_strings = line + strlen(line) + 1;
    while (*line != '\0') {
        char *end = strchr(line, '\n'), *value = strchr(line, ' ');
        if (end != NULL)
            *end = '\0';
        size_t length = strcspn(line, " ");
        const char *number = value == NULL || (end != NULL && value > end) ? "" : value + 1;
        const char *text = number;
        if (length == 6 && memcmp(line, "linker", 6) == 0)
            start->linker_path = text;
        else if (length == 7 && memcmp(line, "program", 7) == 0)
            search_paths.program = text;
        else if (length == 5 && memcmp(line, "trace", 5) == 0)
            trace_parse(text, &wrong);
        else if (length == 4 && memcmp(line, "json", 4) == 0)
            trace_state.json = true;
        else if (length == 6 && memcmp(line, "output", 6) == 0)
            trace_state.output = (int)parse_number(&number);
        else if (length == 5 && memcmp(line, "epoch", 5) == 0)
            trace_state.epoch = parse_number(&number);
        else if (length == 5 && memcmp(line, "ready", 5) == 0) {
            start->ready = (long)parse_number(&number);
            start->reader = (long)parse_number(&number);
        } else if (length == 5 && memcmp(line, "rules", 5) == 0) {
            start->rules = text;
        } else if (length == 7 && memcmp(line, "textrel", 7) == 0) {
            protect_text_relocations = true;
        } else if (length == 4 && memcmp(line, "lazy", 4) == 0) {
            start->lazy = true;
        } else if (length == 7 && memcmp(line, "verbose", 7) == 0) {
            start->verbose = true;
        } else if (length == 6 && memcmp(line, "report", 6) == 0) {
            start->report = (long)parse_number(&number);
        } else if (length == 5 && memcmp(line, "again", 5) == 0) {
            start->again = parse_number(&number);
            start->tail = parse_number(&number);
        } else if (length == 4 && memcmp(line, "stop", 4) == 0) {
            start->stop = (long)parse_number(&number);
            start->stop_line = (char *)number + (*number == ' ');
        }
        if (end == NULL)
            break;
        line = end + 1;
    }
}

long note_start_again(const struct start *start)
{
    /* argv[0], the word for it, the options and the program's name, its arguments */
    size_t count = start->again + 1 + start->tail;
    const char **argv = allocate((count + 1) * sizeof *argv), **to = argv;
    const char *text = start->again_strings, *tool = text;
    long report = trace_state.output != 2 ? trace_state.output : start->report;
    char word[sizeof NOTE_AGAIN + 20];
    if (argv == NULL || start->tail > (size_t)start->argc)
        return -ENOMEM;
    text_format(word, sizeof word, "%s%ld", NOTE_AGAIN, report < 0 ? 2 : report);
    text += strlen(text) + 1;
    for (size_t i = 0; i < start->again; i++, text += strlen(text) + 1) {
        *to++ = text;
        if (i == 0)
            *to++ = word;
    }
    for (size_t i = 0; i < start->tail; i++)
        *to++ = start->argv[(size_t)start->argc - start->tail + i];
    if (start->ready >= 0) { /* the reader finds the end of the stream, and prints nothing */
        system_call(SYS_close, start->ready);
        system_call(SYS_wait4, start->reader, NULL, 0x40000000 /* __WALL */, NULL);
    }
    if (report >= 0)
        system_call(SYS_fcntl, report, F_SETFD, 0);
    long answer = system_call(SYS_execve, tool, argv, start->envp);
    if (report >= 0)
        system_call(SYS_fcntl, report, F_SETFD, FD_CLOEXEC);
    return answer;
}

void note_ready(const struct start *start)
{
    char byte = 0;
    long got;
    if (start->report >= 0)
        system_call(SYS_close, start->report);
    if (start->ready < 0)
        return;
    system_call(SYS_write, start->ready, &byte, 1);
    do
        got = system_call(SYS_read, start->ready, &byte, 1);
    while (got > 0 || got == -4 /* EINTR */);
    system_call(SYS_close, start->ready);
    system_call(SYS_wait4, start->reader, NULL, 0x40000000 /* __WALL */, NULL);
}

void note_stop(const struct start *start)
{
    /* the kernel's struct sigaction: SIG_IGN, no flags, no restorer, an empty mask */
    unsigned long ignored[4] = {1}, before[4];
    if (start->stop == 0)
        return;
    size_t length = strlen(start->stop_line);
    if (length > 0) {
        start->stop_line[length] = '\n'; /* as it was in the note */
        system_call(SYS_write, 2, start->stop_line, length + 1);
    }
    /* a tracer may pass the signal on (SIGSTOP cannot be ignored) */
    bool changed = !system_failed(system_call(SYS_rt_sigaction, start->stop, ignored, before, 8));
    system_call(SYS_kill, system_call(SYS_getpid), start->stop);
    if (changed)
        system_call(SYS_rt_sigaction, start->stop, before, NULL, 8);
}
