#include "linker.h"

#include "base/problem.h"
#include "launch.h"
#include "machine.h"
#include "message.h"
#include "self.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RT_NAME "ld-uexec.so.1"

/* The folder of the build, relative to the tool's folder. */
#ifndef UEXEC_BUILD
#define UEXEC_BUILD "build"
#endif

static bool is_named(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

static char *join(const char *folder, const char *rest)
{
    char *path = malloc(strlen(folder) + strlen(rest) + 1);
    if (path != NULL)
        strcpy(stpcpy(path, folder), rest);
    return path;
}

/* The target of a symbolic link, from malloc; NULL: errno. */
static char *link_target(const char *link)
{
    /* small at first, because each page that is touched costs a fault */
    for (size_t room = 256; room <= 2 * (size_t)PATH_MAX; room *= 2) {
        char *path = malloc(room);
        ssize_t length = path == NULL ? -1 : readlink(link, path, room);
        if (length < 0)
            return NULL;
        if ((size_t)length < room) {
            path[length] = '\0';
            return path;
        }
    }
    errno = ENAMETOOLONG;
    return NULL;
}

/* The tool's own file, no symbolic link, from malloc or as given; NULL: not known. It is the
 * kernel's name for the file, or, without /proc, the name that started the tool, with links
 * followed. */
static const char *tool_path(const char *started)
{
    enum { LINKS = 40 }; /* as many as the kernel follows (path_resolution(7)) */
    const char *path = link_target("/proc/self/exe");
    if (path != NULL)
        return path;
    path = self_started_as(started);
    if (path == NULL)
        return NULL;
    for (int i = 0; i < LINKS; i++) {
        char *target = link_target(path);
        if (target == NULL)
            return path;
        const char *slash = strrchr(path, '/');
        char *folder = slash == NULL || target[0] == '/' ? NULL : strdup(path);
        if (folder != NULL) {
            folder[slash + 1 - path] = '\0';
            target = join(folder, target);
        }
        path = target;
        if (path == NULL)
            return NULL;
    }
    return NULL;
}

/* Finds rt where it is built, or else where it is installed: in DIR/build/lib or DIR/../lib/uexec,
 * where DIR is the tool's folder. NULL: not found; *why names the paths that were tried (from
 * malloc; NULL: no memory). *tool_found: the tool's file, or NULL. */
static const char *find_rt(const char *started, const char **tool_found, char **why)
{
    static const char built[] = UEXEC_BUILD "/lib/" RT_NAME;
    static const char installed[] = "../lib/uexec/" RT_NAME;
    const char *tool = *tool_found = tool_path(started);
    *why = NULL;
    if (tool == NULL) {
        *why = strdup("cannot tell where uexec is, to find " RT_NAME
                      ": no /proc/self/exe, and no AT_EXECFN that leads to a file");
        return NULL;
    }
    const char *slash = strrchr(tool, '/');
    char *folder = strdup(slash == NULL ? "" : tool);
    if (folder == NULL)
        return NULL;
    if (slash != NULL)
        folder[slash + 1 - tool] = '\0';
    const char *first = built[0] == '/' ? built : join(folder, built);
    if (first == NULL)
        return NULL;
    if (access(first, F_OK) == 0)
        return first;
    int error = errno;
    /* names the folder above for messages, or writes ".." if it has no name */
    char *second = NULL;
    if (folder[0] == '/' && folder[1] != '\0') {
        folder[slash - tool] = '\0';
        strrchr(folder, '/')[1] = '\0';
        second = join(folder, installed + strlen("../"));
    } else {
        second = join(folder, installed);
    }
    if (second == NULL)
        return NULL;
    if (access(second, F_OK) == 0)
        return second;
    if (asprintf(why, "no " RT_NAME " (%s: %s; %s: %s)", first, message_errno(error), second,
                 message_errno(errno)) < 0)
        *why = NULL;
    return NULL;
}

bool linker_is_rt(const char *path)
{
    return is_named(path, RT_NAME);
}

bool linker_replaces(const char *interpreter)
{
    return is_named(interpreter, ARCH_MUSL_LINKER);
}

__attribute__((cold)) bool linker_may_be_rt(const char *interpreter)
{
    return linker_replaces(interpreter) || is_named(interpreter, RT_NAME);
}

__attribute__((cold)) bool linker_is_glibc(const char *interpreter)
{
    const char *slash = strrchr(interpreter, '/');
    return strncmp(slash == NULL ? interpreter : slash + 1, "ld-linux", strlen("ld-linux")) == 0;
}

bool linker_choose(struct linker *linker, const struct command *command, const char *interpreter,
                   struct problem *problem)
{
    *linker = (struct linker){.path = interpreter};
    bool named = is_named(interpreter, RT_NAME);
    switch (command->linker) {
    case LINKER_INTERP:
        return true;
    case LINKER_PATH:
        *linker = (struct linker){.path = command->linker_path,
                                  .is_rt = is_named(command->linker_path, RT_NAME)};
        return true;
    case LINKER_AUTO:
        linker->is_rt = linker->lazy = named && access(interpreter, F_OK) == 0;
        if (linker->is_rt || (!named && !linker_replaces(interpreter)))
            return true;
        break;
    case LINKER_RT:
        break;
    }
    char *why;
    const char *tool, *rt = find_rt(command->tool, &tool, &why);
    if (rt != NULL) {
        *linker = (struct linker){.path = rt, .is_rt = true};
        if (command->linker != LINKER_AUTO)
            return true;
        /* a program for musl on a system without musl */
        linker->lazy = named || access(interpreter, F_OK) != 0;
        linker->tool = linker->lazy ? NULL : tool;
        return true;
    }
    if (why == NULL)
        return problem_set(problem, "no memory");
    if (command->linker == LINKER_RT)
        return problem_set(problem, "%s: --linker=interp runs it under %s", why, interpreter);
    linker->missing = why;
    return true;
}

const char *linker_absolute(const char *path)
{
    char here[PATH_MAX];
    if (path[0] == '/')
        return path;
    if (getcwd(here, sizeof here) == NULL)
        return NULL;
    if (strlen(here) + 1 + strlen(path) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    char *folder = join(here, "/");
    return folder == NULL ? NULL : join(folder, path);
}
