/* basename(3) and dirname(3) of POSIX: they may change their argument. */
#include "alias.h"
#include <libgen.h>
#include <string.h>

char *__xpg_basename(char *path);

char *basename(char *path)
{
    size_t end;

    if (!path || !*path)
        return (char *)".";
    for (end = strlen(path); end > 1 && path[end - 1] == '/';)
        path[--end] = 0;
    for (; end > 1 || (end == 1 && path[0] != '/'); end--)
        if (end && path[end - 1] == '/')
            break;
    return path[end] ? path + end : path;
}
WEAK_ALIAS(basename, __xpg_basename);

char *dirname(char *path)
{
    size_t end;

    if (!path || !*path)
        return (char *)".";
    end = strlen(path);
    while (end > 1 && path[end - 1] == '/') /* "a/b//" */
        end--;
    while (end && path[end - 1] != '/') /* the name */
        end--;
    if (!end)
        return (char *)".";
    while (end > 1 && path[end - 1] == '/') /* the slashes between */
        end--;
    path[end] = 0;
    return path;
}
