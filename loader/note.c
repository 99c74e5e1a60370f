#include "note.h"

#include "stop.h"
#include "trace.h"

#include <string.h>

/* All of the text but paths and the line of --stop: words, step names, numbers. */
enum { FIXED_ROOM = 320 };

/* Is something said when rt stops? */
static bool has_line(const struct note *note)
{
    return note->stop != NULL && note->stop->line != NULL;
}

/* Bytes of the strings behind the text. */
static size_t again_room(const struct note *note)
{
    size_t room = 0;
    if (note->tool == NULL)
        return 0;
    for (size_t i = 0; i < note->again_count; i++)
        room += strlen(note->again[i]) + 1;
    return room + strlen(note->tool) + 1;
}

size_t note_room(const struct note *note)
{
    return again_room(note) + strlen(note->linker) + strlen(note->program) +
           (has_line(note) ? strlen(note->stop->line) : 0) + FIXED_ROOM;
}

/* Without printf, which every run would have to fetch from the tool's file. */
static char *put_number(char *to, uint64_t value)
{
    char digits[20];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (count > 0)
        *to++ = digits[--count];
    return to;
}

static char *put_trace(char *to, const struct note *note)
{
    char separator = ' ';
    to = stpcpy(to, "trace");
    for (size_t i = 0; i < TRACE_STEPS; i++) {
        if ((note->trace >> i & 1) == 0)
            continue;
        *to++ = separator;
        to = stpcpy(to, trace_names[i]);
        separator = ',';
    }
    to = stpcpy(to, note->json ? "\njson\n" : "\n");
    if (note->output >= 0)
        to = stpcpy(put_number(stpcpy(to, "output "), (uint64_t)note->output), "\n");
    return stpcpy(put_number(stpcpy(to, "epoch "), note->epoch), "\n");
}

void note_write(const struct note *note, int ready, int reader, char *to)
{
    to = stpcpy(stpcpy(stpcpy(to, "linker "), note->linker), "\n");
    if (strchr(note->program, '\n') == NULL)
        to = stpcpy(stpcpy(stpcpy(to, "program "), note->program), "\n");
    if (note->trace != 0)
        to = put_trace(to, note);
    if (note->rules != NULL)
        to = stpcpy(stpcpy(stpcpy(to, "rules "), note->rules), "\n");
    if (note->textrel)
        to = stpcpy(to, "textrel\n");
    if (note->lazy)
        to = stpcpy(to, "lazy\n");
    if (note->verbose)
        to = stpcpy(to, "verbose\n");
    if (note->report >= 0)
        to = stpcpy(put_number(stpcpy(to, "report "), (uint64_t)note->report), "\n");
    if (note->tool != NULL) {
        to = put_number(stpcpy(to, "again "), note->again_count);
        to = stpcpy(put_number(stpcpy(to, " "), note->again_tail), "\n");
    }
    if (ready >= 0) {
        to = put_number(stpcpy(to, "ready "), (uint64_t)ready);
        to = put_number(stpcpy(to, " "), (uint64_t)reader);
        to = stpcpy(to, "\n");
    }
    if (note->stop != NULL) {
        to = put_number(stpcpy(to, "stop "), (uint64_t)note->stop->signal);
        to = stpcpy(stpcpy(stpcpy(to, " "), has_line(note) ? note->stop->line : ""), "\n");
    }
    *to++ = '\0';
    if (note->tool == NULL)
        return;
    to = stpcpy(to, note->tool) + 1;
    for (size_t i = 0; i < note->again_count; i++)
        to = stpcpy(to, note->again[i]) + 1;
}
