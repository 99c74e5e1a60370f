#include <stdlib.h>

/* C17 7.22.1.2: as strtol(), except for errno and values out of range. */
int atoi(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

long atol(const char *text)
{
    return strtol(text, NULL, 10);
}

long long atoll(const char *text)
{
    return strtoll(text, NULL, 10);
}
