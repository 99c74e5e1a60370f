/* libgreet.so: greets, and libcount.so counts for it. It calls its own greet_word() through its
 * GOT, as other objects do, so that a definition earlier in the scope replaces it. */
#include "greet.h"
#include <stdio.h>
#include <string.h>

int greet_total;

const char *greet_word(void)
{
    return "Hello";
}

/* The same function by a name that no other object can define. */
static const char *greet_word_own(void) __attribute__((alias("greet_word")));

void greet(char *text, int size, const char *name)
{
    greet_total++;
    snprintf(text, (size_t)size, "%s, %s: %d", greet_word(), name, count_next());
}

void *greet_finds(const char *name)
{
    if (strcmp(name, "greet_word") == 0)
        return (void *)(size_t)greet_word;
    if (strcmp(name, "greet_word, its own") == 0)
        return (void *)(size_t)greet_word_own;
    if (strcmp(name, "count_next") == 0)
        return (void *)(size_t)count_next;
    if (strcmp(name, "count_calls") == 0)
        return &count_calls;
    if (strcmp(name, "greet_total") == 0)
        return &greet_total;
    return NULL;
}
