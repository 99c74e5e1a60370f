#include "trace.h"

#include "arch.h"
#include "base/syscall.h"
#include "base/text.h"
#include "elf/plan.h"
#include "inspect/image.h"
#include "message.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int trace_to = -1;
static const char *trace_program; /* for messages */
static bool trace_json;
static struct timespec trace_epoch;

/* SIGPIPE's disposition, to be restored. The signal is ignored as long as the trace is written:
 * otherwise a reader that goes away would end the program. */
static const struct arch_sigaction *pipe_action, *pipe_ignored;

/* The system call, because libc's clock_gettime() calls the vDSO, which may be moving. */
static struct timespec now(void)
{
    struct timespec time = {0, 0};
    sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
    return time;
}

void trace_start(const struct trace_request *request)
{
    uint64_t pending = 0;
    trace_epoch = now();
    if ((request->steps & TRACE_LOAD) == 0)
        return;
    sys_call(SYS_rt_sigpending, &pending, sizeof pending);
    /* a pending signal is blocked, so that another one does no harm; to ignore the signal would
     * lose the pending one */
    struct arch_sigaction *actions = calloc(2, sizeof *actions);
    if (actions != NULL && (pending >> (SIGPIPE - 1) & 1) == 0) {
        actions[0].handler = SIG_IGN;
        sys_call(SYS_rt_sigaction, SIGPIPE, &actions[0], &actions[1], sizeof pending);
        pipe_ignored = &actions[0];
        pipe_action = &actions[1];
    }
    trace_to = request->fd;
    trace_program = request->program;
    trace_json = request->json;
}

uint64_t trace_begin(void)
{
    return (uint64_t)trace_epoch.tv_sec * 1000000000u + (uint64_t)trace_epoch.tv_nsec;
}

const struct arch_sigaction *trace_ignored(void)
{
    return pipe_ignored;
}

const struct arch_sigaction *trace_end(void)
{
    return pipe_action;
}

bool trace_on(void)
{
    return trace_to >= 0;
}

int trace_fd(void)
{
    return trace_to;
}

/* Room for a text and for its line: JSON needs at most six bytes for one. */
enum { TEXT_ROOM = 1024, LINE_ROOM = TEXT_JSON_MOST * TEXT_ROOM + 16384 };

void trace_line(const char *event, const struct trace_field *fields, size_t count,
                const char *format, ...)
{
    static bool failed;
    char line[LINE_ROOM];
    if (failed)
        return;
    struct timespec passed = now();
    int64_t us = (int64_t)(passed.tv_sec - trace_epoch.tv_sec) * 1000000 +
                 (passed.tv_nsec - trace_epoch.tv_nsec) / 1000;
    char text[TEXT_ROOM];
    va_list list;
    va_start(list, format);
    text_vformat(text, sizeof text, format, list);
    va_end(list);
    const struct trace_event written = {.event = event,
                                        .timed = true,
                                        .time = (uint64_t)us,
                                        .fields = fields,
                                        .count = count,
                                        .text = text};
    size_t length = trace_event_line(line, sizeof line, &written, trace_json);
    if (write(trace_to, line, length) < 0) {
        failed = true; /* one message is enough; the program runs all the same */
        message(trace_program, "cannot write the trace (%s)", message_errno(errno));
    }
}

size_t trace_hand_over(char *line, size_t room, const struct trace_field *fields, size_t count,
                       const char *format, ...)
{
    char text[TEXT_ROOM];
    va_list list;
    va_start(list, format);
    text_vformat(text, sizeof text, format, list);
    va_end(list);
    const struct trace_event written = {.event = "hand-over",
                                        .fields = fields,
                                        .count = count,
                                        .text = text};
    return trace_event_line(line, room, &written, trace_json);
}

void trace_step(const struct image *image, const struct plan_step *step, uint64_t bias)
{
    if (!trace_on())
        return;
    char protection[4];
    plan_protection_text(step->protection, protection);
    char file[64] = "";
    if (step->kind == PLAN_MAP_FILE || (step->kind == PLAN_RESERVE && step->keep != 0))
        snprintf(file, sizeof file, " from file offset 0x%" PRIx64, step->offset);
    const char *pad = &"        "[strlen(plan_kind_name(step->kind))]; /* one column */
    bool writes = step->kind == PLAN_CLEAR || step->kind == PLAN_UNMAP;
    trace("map",
          (FIELD_TEXT("what", plan_kind_name(step->kind)),
           FIELD_ADDRESS("start", step->address + bias),
           FIELD_ADDRESS("end", step->address + bias + step->length),
           FIELD_TEXT("permissions", writes ? NULL : protection),
           FIELD_ADDRESS("offset", step->offset), FIELD_NUMBER("program_header", step->phdr),
           FIELD_TEXT("image", image->name)),
          "%s%s 0x%012" PRIx64 "-0x%012" PRIx64 "%s%s%s [phdr %zu of %s]",
          plan_kind_name(step->kind), pad, step->address + bias,
          step->address + bias + step->length, writes ? "" : " ", writes ? "" : protection, file,
          step->phdr, image->name);
}
