#include "stream.h"
#include "syscall.h"
#include "temporary.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 100

/* XSI. The directory is the program's, or /tmp. */
char *tempnam(const char *directory, const char *prefix)
{
    size_t directory_length, prefix_length;
    char *path;

    if (!directory)
        directory = P_tmpdir;
    if (!prefix)
        prefix = "temp";
    directory_length = strlen(directory);
    prefix_length = strlen(prefix);
    path = malloc(directory_length + 1 + prefix_length + 1 + 6 + 1);
    if (!path)
        return NULL;
    memcpy(path, directory, directory_length);
    path[directory_length] = '/';
    memcpy(path + directory_length + 1, prefix, prefix_length);
    memcpy(path + directory_length + 1 + prefix_length, "_XXXXXX", 8);
    for (int i = 0; i < TRIES; i++) {
        __temporary_name(path + directory_length + prefix_length + 2);
        if (sys_call(SYS_access, path, 0) == -ENOENT)
            return path;
    }
    free(path);
    return NULL;
}
