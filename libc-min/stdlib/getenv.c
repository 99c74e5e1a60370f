/* getenv(3). */
#include "env.h"
#include "process.h"
#include <stdlib.h>
#include <string.h>

char **__environ_find(const char *name, size_t length)
{
    for (char **entry = __environ; entry && *entry; entry++)
        if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
            return entry;
    return NULL;
}

char *getenv(const char *name)
{
    size_t length = strlen(name);
    char **entry = length && !memchr(name, '=', length) ? __environ_find(name, length) : NULL;

    return entry ? *entry + length + 1 : NULL;
}

char *secure_getenv(const char *name)
{
    return __process.secure ? NULL : getenv(name);
}
