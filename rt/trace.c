#include "trace.h"

#include "allocate.h"
#include "base/syscall.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct trace trace_state;

bool trace_parse(const char *list, const char **wrong)
{
    trace_state.categories |= trace_steps_read(list, "json", wrong) & TRACE_LINKER;
    trace_state.json |= text_list_has(list, ",", "json");
    return *wrong == NULL;
}

static size_t put_field(char *to, size_t room, const struct trace_field *field)
{
    size_t length = text_format(to, room, ", \"%s\": ", field->name);
    if (field->text != NULL)
        return length + text_json(to + length, room - length, field->text);
    return length +
           text_format(to + length, room - length, field->hex ? "\"%#lx\"" : "%lu", field->number);
}

/* A reader that goes away ends the trace, and not the program by SIGPIPE; one that was pending
 * before stays so. */
static void write_line(const char *line, size_t length)
{
    static uint64_t device, inode;
    struct stat status;
    /* a program that has closed the descriptor may have opened a file of its own in its place */
    if (sys_call(SYS_fstat, trace_state.output, &status) != 0 ||
        (inode != 0 && (status.st_ino != inode || status.st_dev != device))) {
        trace_state.categories = 0;
        return;
    }
    device = status.st_dev;
    inode = status.st_ino;
    const uint64_t pipe = 1ul << (13 - 1); /* SIGPIPE */
    const struct timespec at_once = {0, 0};
    uint64_t mask, pending = 0;
    sys_call(SYS_rt_sigprocmask, 0 /* SIG_BLOCK */, &pipe, &mask, sizeof mask);
    sys_call(SYS_rt_sigpending, &pending, sizeof pending);
    if (sys_call(SYS_write, trace_state.output, line, length) == -EPIPE) {
        trace_state.categories = 0;
        if ((pending & pipe) == 0)
            sys_call(SYS_rt_sigtimedwait, &pipe, NULL, &at_once, sizeof pipe);
    }
    sys_call(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &mask, NULL, sizeof mask);
}

/* Room for a line: a byte may become six. */
static size_t line_room(const char *text, const struct trace_field *fields, size_t count)
{
    size_t room = 256 + 6 * strlen(text);
    for (size_t i = 0; i < count; i++)
        room += 64 + strlen(fields[i].name) +
                (fields[i].text != NULL ? 6 * strlen(fields[i].text) : 0);
    return room;
}

void trace_line(enum trace_category category, const struct trace_field *fields, size_t count,
                const char *format, ...)
{
    enum { TEXT = 16384 };
    struct timespec now = {0, 0};
    size_t length, step = 0, room = 0;
    char *text = allocate(TEXT), *line = NULL;
    va_list list;

    while (1u << step != category)
        step++;
    if (text != NULL) {
        va_start(list, format);
        text_vformat(text, TEXT, format, list);
        va_end(list);
        room = line_room(text, fields, count);
        line = allocate(room);
    }
    if (line == NULL) { /* without memory a line is lost, and nothing else */
        release(text);
        return;
    }
    sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    uint64_t passed = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    if (trace_state.epoch == 0)
        trace_state.epoch = passed;
    passed = (passed - trace_state.epoch) / 1000;
    if (trace_state.json) {
        length = text_format(line, room,
                             "{\"time\": %lu.%06lu, \"step\": \"%s\", \"text\": ", passed / 1000000,
                             passed % 1000000, trace_step_names[step]);
        length += text_json(line + length, room - length, text);
        for (size_t i = 0; i < count; i++)
            length += put_field(line + length, room - length, &fields[i]);
        length += text_format(line + length, room - length, "}\n");
    } else {
        text_printable(text);
        length = text_format(line, room, "uexec: %lu.%06lu %s: %s\n", passed / 1000000,
                             passed % 1000000, trace_step_names[step], text);
    }
    write_line(line, length);
    release(line);
    release(text);
}
