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

/* If the reader goes away, the trace ends, and SIGPIPE does not reach the program. A SIGPIPE that
 * was pending before stays pending. */
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

void trace_line(enum trace_category category, const char *event, const struct trace_field *fields,
                size_t count, const char *format, ...)
{
    enum { TEXT = 16384 };
    struct timespec now = {0, 0};
    struct trace_event line = {.event = event, .timed = true, .fields = fields, .count = count};
    char *to = NULL;
    size_t room = 0;
    va_list list;

    while (1u << line.step != category)
        line.step++;
    line.text = allocate(TEXT);
    if (line.text != NULL) {
        va_start(list, format);
        text_vformat(line.text, TEXT, format, list);
        va_end(list);
        room = trace_event_room(&line);
        to = allocate(room);
    }
    if (to == NULL) { /* without memory, only the line is lost */
        release(line.text);
        return;
    }
    sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    uint64_t passed = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
    if (trace_state.epoch == 0)
        trace_state.epoch = passed;
    line.time = (passed - trace_state.epoch) / 1000;
    write_line(to, trace_event_line(to, room, &line, trace_state.json));
    release(to);
    release(line.text);
}
