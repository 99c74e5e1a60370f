#include "base/trace_steps.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

const char trace_step_names[TRACE_STEPS][8] = {"load", "search", "reloc", "bind",
                                               "tls",  "init",   "dl"};

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
