#include "internal.h"
#include <string.h>

char *__strtok_r(char *restrict string, const char *restrict separators, char **restrict rest)
{
    char *token = string ? string : *rest, *end;

    if (!token)
        return NULL;
    token += strspn(token, separators);
    if (!*token) {
        *rest = NULL;
        return NULL;
    }
    end = token + strcspn(token, separators);
    *rest = *end ? end + 1 : NULL;
    *end = 0;
    return token;
}

WEAK_ALIAS(__strtok_r, strtok_r);

char *strtok(char *restrict string, const char *restrict separators)
{
    static char *rest;

    return __strtok_r(string, separators, &rest);
}
