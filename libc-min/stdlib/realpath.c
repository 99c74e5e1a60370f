/* realpath(3): component by component, with readlink(2) alone, so that neither /proc nor a free
 * descriptor is needed.
 *
 * A relative name is resolved relatively, because the caller may lack access to the folders above
 * the current one. getcwd(2) is called at the end, and only if no link led to the root. */
#include "syscall.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { LINKS_MAX = 40 }; /* path_resolution(7): the kernel's limit */

struct resolution {
    char done[PATH_MAX +
              3];  /* without links, "." or, but at the start, ".."; 3: directory_check() */
    size_t length; /* of `done`, bytes; 0: the root, or the current folder */
    size_t up;     /* number of ".." at the start of `done`, for a relative name */
    int absolute;
    char rest[PATH_MAX]; /* not resolved yet */
    char link[PATH_MAX]; /* a link's text; at the end, the current folder */
};

/* The kernel's answer for the name `done`: the length of a link's text, -EINVAL for another file.
 */
static long link_read(struct resolution *of)
{
    of->done[of->length] = 0;
    return sys_call(SYS_readlink, of->done, of->link, sizeof of->link);
}

/* 0 if `done` is a directory, and may be searched if `tail` is "/."; else a negative error. */
static long directory_check(struct resolution *of, const char *tail)
{
    size_t length = of->length;
    long answer;

    if (!length)
        return 0;
    memcpy(of->done + length, tail, strlen(tail));
    of->length += strlen(tail);
    answer = link_read(of);
    of->length = length;
    return answer == -EINVAL ? 0 : answer < 0 ? answer : -ENOTDIR;
}

static void last_remove(struct resolution *of)
{
    while (of->length && of->done[of->length - 1] != '/')
        of->length--;
    of->length -= of->length != 0;
}

static long name_append(struct resolution *of, const char *name, size_t length)
{
    if (of->length + 1 + length >= PATH_MAX)
        return -ENAMETOOLONG;
    if (of->length || of->absolute)
        of->done[of->length++] = '/';
    memcpy(of->done + of->length, name, length);
    of->length += length;
    return 0;
}

static long parent_enter(struct resolution *of)
{
    long error = directory_check(of, "/.");

    if (error)
        return error;
    if (of->length > 3 * of->up) { /* "../../name": removes the part after the ".." */
        last_remove(of);
        return 0;
    }
    if (of->absolute)
        return 0; /* the parent of the root is the root */
    of->up++;
    return name_append(of, "..", 2);
}

/* Replaces a link's name by the link's text, in front of the rest. */
static long link_follow(struct resolution *of, size_t length, const char *rest)
{
    size_t rest_length = strlen(rest);

    if (!length)
        return -ENOENT;
    if (length + rest_length >= sizeof of->rest)
        return -ENAMETOOLONG;
    memmove(of->rest + length, rest, rest_length + 1);
    memcpy(of->rest, of->link, length);
    last_remove(of);
    if (of->rest[0] == '/') {
        of->absolute = 1;
        of->length = of->up = 0;
    }
    return 0;
}

/* Resolves all of `rest`. 0, or a negative error. */
static long resolve(struct resolution *of)
{
    const char *rest = of->rest;
    int links = 0;
    long error = 0;

    of->absolute = *rest == '/';
    while (!error && *rest) {
        size_t slashes = strspn(rest, "/"), length = strcspn(rest + slashes, "/");
        const char *name = rest + slashes;

        rest = name + length;
        if (!length) {
            error = directory_check(of, "/");
        } else if (length == 1 && name[0] == '.') {
            error = directory_check(of, "/.");
        } else if (length == 2 && name[0] == '.' && name[1] == '.') {
            error = parent_enter(of);
        } else if (!(error = name_append(of, name, length))) {
            long answer = link_read(of);
            if (answer < 0)
                error = answer == -EINVAL ? 0 : answer;
            else if (++links > LINKS_MAX)
                error = -ELOOP;
            else if (!(error = link_follow(of, (size_t)answer, rest)))
                rest = of->rest;
        }
    }
    return error;
}

/* Puts the current folder in front of a relative result, by way of `link`. */
static long make_absolute(struct resolution *of)
{
    size_t skip = 3 * of->up, length;
    long answer = sys_call(SYS_getcwd, of->link, sizeof of->link);

    if (answer < 0)
        return answer;
    if (of->link[0] != '/')
        return -ENOENT; /* the kernel's "(unreachable)" */
    length = strlen(of->link);
    for (size_t up = of->up; up && length; up--)
        while (length && of->link[--length] != '/')
            ;
    if (length == 1)
        length = 0; /* the root: the slash comes with the next name */
    if (of->length > skip) {
        size_t tail = of->length - skip;
        if (length + 1 + tail >= sizeof of->link)
            return -ENAMETOOLONG;
        of->link[length++] = '/';
        memcpy(of->link + length, of->done + skip, tail);
        length += tail;
    }
    memcpy(of->done, of->link, length);
    of->length = length;
    return 0;
}

char *realpath(const char *restrict path, char *restrict resolved)
{
    struct resolution of;
    size_t length = path ? strnlen(path, PATH_MAX) : 0;
    long error = !path ? -EINVAL : !length ? -ENOENT : length == PATH_MAX ? -ENAMETOOLONG : 0;

    of.length = of.up = 0;
    if (!error) {
        memcpy(of.rest, path, length + 1);
        error = resolve(&of);
    }
    if (!error && !of.absolute)
        error = make_absolute(&of);
    if (error) {
        errno = (int)-error;
        return NULL;
    }
    if (!of.length)
        of.done[of.length++] = '/';
    of.done[of.length] = 0;
    return resolved ? memcpy(resolved, of.done, of.length + 1) : strdup(of.done);
}
