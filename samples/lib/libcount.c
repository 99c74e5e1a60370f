/* libcount.so: counts for each thread. It uses libgreet.so without a DT_NEEDED entry for it: the
 * linker searches all objects of the global scope. */
#include "greet.h"
#include <string.h>

_Thread_local int count_calls;

int count_next(void)
{
    return ++count_calls;
}

void *count_finds(const char *name)
{
    if (strcmp(name, "greet_word") == 0)
        return (void *)(size_t)greet_word;
    if (strcmp(name, "count_calls") == 0)
        return &count_calls;
    if (strcmp(name, "greet_total") == 0)
        return &greet_total;
    return NULL;
}
