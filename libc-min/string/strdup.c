#include <stdlib.h>
#include <string.h>

char *strdup(const char *string)
{
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, string, size) : NULL;
}

char *strndup(const char *string, size_t most)
{
    size_t length = strnlen(string, most);
    char *copy = malloc(length + 1);

    if (!copy)
        return NULL;
    memcpy(copy, string, length);
    copy[length] = 0;
    return copy;
}
