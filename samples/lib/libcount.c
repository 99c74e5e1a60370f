/* libcount.so: counts for each thread apart. It does not name libgreet.so among what it needs
 * (DT_NEEDED), and uses it nevertheless: what the program has loaded is found, whoever asked for
 * it. */
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
