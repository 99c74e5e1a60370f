#include "handoff.h"

#include "base/text.h"
#include "stop.h"
#include "trace.h"

#include <string.h>

/* Room for all of the text except paths and --stop's line: words, step names, numbers. */
enum { FIXED_ROOM = 320 };

/* Does rt write a line before it stops? */
static bool has_line(const struct handoff *handoff)
{
    return handoff->stop != NULL && handoff->stop->line != NULL;
}

/* The bytes of the strings behind the text. */
static size_t again_room(const struct handoff *handoff)
{
    size_t room = 0;
    if (handoff->tool == NULL)
        return 0;
    for (size_t i = 0; i < handoff->again_count; i++)
        room += strlen(handoff->again[i]) + 1;
    return room + strlen(handoff->tool) + 1;
}

size_t handoff_room(const struct handoff *handoff)
{
    return again_room(handoff) + strlen(handoff->linker) + strlen(handoff->program) +
           (has_line(handoff) ? strlen(handoff->stop->line) : 0) + FIXED_ROOM;
}

static char *put_trace(char *to, const struct handoff *handoff)
{
    char separator = ' ';
    to = stpcpy(to, "trace");
    for (size_t i = 0; i < TRACE_STEPS; i++) {
        if ((handoff->trace >> i & 1) == 0)
            continue;
        *to++ = separator;
        to = stpcpy(to, trace_step_names[i]);
        separator = ',';
    }
    to = stpcpy(to, handoff->json ? "\njson\n" : "\n");
    if (handoff->output >= 0)
        to = stpcpy(text_decimal(stpcpy(to, "output "), (uint64_t)handoff->output), "\n");
    return stpcpy(text_decimal(stpcpy(to, "epoch "), handoff->epoch), "\n");
}

void handoff_write(const struct handoff *handoff, int ready, int reader, char *to)
{
    to = stpcpy(stpcpy(stpcpy(to, "linker "), handoff->linker), "\n");
    if (strchr(handoff->program, '\n') == NULL)
        to = stpcpy(stpcpy(stpcpy(to, "program "), handoff->program), "\n");
    if (handoff->trace != 0)
        to = put_trace(to, handoff);
    if (handoff->rules != NULL)
        to = stpcpy(stpcpy(stpcpy(to, "rules "), handoff->rules), "\n");
    if (handoff->textrel)
        to = stpcpy(to, "textrel\n");
    if (handoff->lazy)
        to = stpcpy(to, "lazy\n");
    if (handoff->verbose)
        to = stpcpy(to, "verbose\n");
    if (handoff->report >= 0)
        to = stpcpy(text_decimal(stpcpy(to, "report "), (uint64_t)handoff->report), "\n");
    if (handoff->tool != NULL) {
        to = text_decimal(stpcpy(to, "again "), handoff->again_count);
        to = stpcpy(text_decimal(stpcpy(to, " "), handoff->again_tail), "\n");
    }
    if (ready >= 0) {
        to = text_decimal(stpcpy(to, "ready "), (uint64_t)ready);
        to = text_decimal(stpcpy(to, " "), (uint64_t)reader);
        to = stpcpy(to, "\n");
    }
    if (handoff->stop != NULL) {
        to = text_decimal(stpcpy(to, "stop "), (uint64_t)handoff->stop->signal);
        to = stpcpy(stpcpy(stpcpy(to, " "), has_line(handoff) ? handoff->stop->line : ""), "\n");
    }
    *to++ = '\0';
    if (handoff->tool == NULL)
        return;
    to = stpcpy(to, handoff->tool) + 1;
    for (size_t i = 0; i < handoff->again_count; i++)
        to = stpcpy(to, handoff->again[i]) + 1;
}
