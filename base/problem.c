#undef __clang_analyzer__ /* undefined here: the macros are for callers */
#include "base/problem.h"

#include "base/text.h"

#include <stdarg.h>
#include <string.h>

/* Zeroes the text behind its end: strlen() may read past the end, 16 bytes at a time, and valgrind
 * reports bytes that were never written. */
static bool fill(struct problem *problem, int status, const char *format, va_list list)
{
    if (problem == NULL)
        return false;
    memset(problem->text, 0, sizeof problem->text);
    if (text_vformat(problem->text, sizeof problem->text, format, list) == sizeof problem->text - 1)
        text_vformat_brief(problem->text, sizeof problem->text, TEXT_BRIEF - 1, format, list);
    text_printable(problem->text);
    problem->status = status;
    return false;
}

bool problem_set(struct problem *problem, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(problem, STATUS_UNUSABLE, format, list);
    va_end(list);
    return false;
}

bool problem_usage(struct problem *problem, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(problem, STATUS_USAGE, format, list);
    va_end(list);
    return false;
}

bool problem_not_found(struct problem *problem, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fill(problem, STATUS_NOT_FOUND, format, list);
    va_end(list);
    return false;
}

bool problem_blame(struct problem *problem, const char *who)
{
    struct problem inner = *problem;
    char brief[TEXT_BRIEF];
    bool fits = strlen(who) + strlen(inner.text) + 2 < sizeof inner.text;
    text_format(problem->text, sizeof problem->text, "%s: %s", fits ? who : text_brief(brief, who),
                inner.text);
    text_printable(problem->text);
    return false;
}

bool problem_append(struct problem *problem, const char *format, ...)
{
    size_t length = strlen(problem->text);
    va_list list;
    va_start(list, format);
    text_vformat(problem->text + length, sizeof problem->text - length, format, list);
    va_end(list);
    text_printable(problem->text + length);
    return false;
}
