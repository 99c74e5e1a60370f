#include "linker.h"

#include "arch/arch.h"
#include "message.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RT_NAME "ld-uexec.so.1"

/* The folder that `make` builds in, from the one that the tool is in. */
#ifndef UEXEC_BUILD
#define UEXEC_BUILD "build"
#endif

static bool is_named(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash == NULL ? path : slash + 1, name) == 0;
}

/* The tool's own file, from malloc; NULL: errno. */
static char *tool_path(void)
{
    /* small at first: a page that is touched is a fault */
    for (size_t room = 256; room <= 2 * (size_t)PATH_MAX; room *= 2) {
        char *path = malloc(room);
        ssize_t length = path == NULL ? -1 : readlink("/proc/self/exe", path, room);
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

static char *join(const char *folder, const char *rest)
{
    char *path = malloc(strlen(folder) + strlen(rest) + 1);
    if (path != NULL)
        strcpy(stpcpy(path, folder), rest);
    return path;
}

/* rt, where it is built or else where it is installed: DIR/build/lib and
 * DIR/../lib/uexec, of the folder DIR that the tool is in. */
static bool find_rt(const char **path, const char *interpreter, struct problem *problem)
{
    static const char built[] = UEXEC_BUILD "/lib/" RT_NAME;
    char *folder = tool_path();
    if (folder == NULL)
        return problem_set(problem, STATUS_UNUSABLE,
                           "cannot tell where uexec is, to find " RT_NAME
                           " (/proc/self/exe: %s): --linker=interp runs it under %s",
                           message_errno(errno), interpreter);
    char *slash = strrchr(folder, '/');
    if (slash != NULL)
        slash[1] = '\0';
    char *first = join(built[0] == '/' ? "" : folder, built);
    if (slash != NULL)
        slash[0] = '\0';
    slash = strrchr(folder, '/'); /* no symbolic link is on the way: the kernel's name has none */
    if (slash != NULL)
        slash[0] = '\0';
    char *second = join(folder, "/lib/uexec/" RT_NAME);
    if (first == NULL || second == NULL)
        return problem_set(problem, STATUS_UNUSABLE, "no memory");
    *path = first;
    if (access(first, F_OK) == 0)
        return true;
    int error = errno;
    *path = second;
    if (access(second, F_OK) == 0)
        return true;
    return problem_set(problem, STATUS_UNUSABLE,
                       "no " RT_NAME " to link it (%s: %s; %s: %s): --linker=interp runs it under "
                       "%s",
                       first, message_errno(error), second, message_errno(errno), interpreter);
}

bool linker_replaces(const char *interpreter)
{
    return is_named(interpreter, ARCH_MUSL_LINKER);
}

bool linker_choose(struct linker *linker, enum linker_choice choice, const char *path,
                   const char *interpreter, struct problem *problem)
{
    *linker = (struct linker){.path = interpreter};
    switch (choice) {
    case LINKER_INTERP:
        return true;
    case LINKER_PATH:
        *linker = (struct linker){path, is_named(path, RT_NAME)};
        return true;
    case LINKER_AUTO:
        linker->is_rt = is_named(interpreter, RT_NAME);
        if (linker->is_rt && access(interpreter, F_OK) == 0)
            return true;
        if (!linker->is_rt && !is_named(interpreter, ARCH_MUSL_LINKER))
            return true;
        break;
    case LINKER_RT:
        break;
    }
    linker->is_rt = true;
    return find_rt(&linker->path, interpreter, problem);
}

const char *linker_absolute(const char *path)
{
    char here[PATH_MAX];
    if (path[0] == '/')
        return path;
    if (getcwd(here, sizeof here) == NULL)
        return NULL;
    char *folder = join(here, "/");
    return folder == NULL ? NULL : join(folder, path);
}
