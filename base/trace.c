#include "base/trace.h"

#include "base/text.h"

#include <string.h>

const char trace_step_names[TRACE_STEPS][8] = {"load", "search", "reloc", "bind",
                                               "tls",  "init",   "dl",    "malloc"};

static bool is_word(const char *word, const char *text, size_t length)
{
    return strlen(word) == length && memcmp(word, text, length) == 0;
}

unsigned trace_steps_read(const char *list, const char *also, const char **wrong)
{
    unsigned steps = 0;
    *wrong = NULL;
    for (;; list++) {
        size_t length = strcspn(list, ","), i = 0;
        while (i < TRACE_STEPS && !is_word(trace_step_names[i], list, length))
            i++;
        bool all = is_word("all", list, length);
        if (*wrong == NULL && i == TRACE_STEPS && !all && !is_word(also, list, length))
            *wrong = list;
        steps |= all ? TRACE_ALL : i < TRACE_STEPS ? 1u << i : 0;
        list += length;
        if (*list == '\0')
            return steps;
    }
}

static size_t put_field(char *to, size_t room, const struct trace_field *field)
{
    size_t length = text_format(to, room, ", \"%s\": ", field->name);
    if (field->kind == TRACE_NUMBER)
        return length + text_format(to + length, room - length, "%lu", field->number);
    if (field->kind == TRACE_ADDRESS)
        return length + text_format(to + length, room - length, "\"%#lx\"", field->number);
    if (field->text == NULL)
        return length + text_format(to + length, room - length, "null");
    return length + text_json(to + length, room - length, field->text);
}

size_t trace_event_room(const struct trace_event *event)
{
    size_t room = 256 + TEXT_JSON_MOST * strlen(event->text);
    for (size_t i = 0; i < event->count; i++) {
        const struct trace_field *field = &event->fields[i];
        room += 64 + strlen(field->name);
        if (field->kind == TRACE_TEXT && field->text != NULL)
            room += TEXT_JSON_MOST * strlen(field->text);
    }
    return room;
}

static size_t put_json(char *to, size_t room, const struct trace_event *event, const char *time)
{
    size_t length = text_format(to, room, "{\"time\": %s, \"step\": \"%s\", \"event\": \"%s\"",
                                event->timed ? time : "null", trace_step_names[event->step],
                                event->event);
    for (size_t i = 0; i < event->count; i++)
        length += put_field(to + length, room - length, &event->fields[i]);
    length += text_format(to + length, room - length, ", \"text\": ");
    length += text_json(to + length, room - length - 2, event->text);
    return length + text_format(to + length, room - length, "}");
}

size_t trace_event_line(char *to, size_t room, const struct trace_event *event, bool json)
{
    char time[48];
    size_t length;
    text_format(time, sizeof time, "%lu.%06lu", event->time / 1000000, event->time % 1000000);
    if (json)
        length = put_json(to, room - 1, event, time);
    else
        length = text_format(to, room - 1, "uexec: %s %s: %s", event->timed ? time : "-       ",
                             trace_step_names[event->step], text_printable(event->text));
    to[length++] = '\n';
    return length;
}
