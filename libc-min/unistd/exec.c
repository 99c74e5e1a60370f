/* exec(3): execve(2) with a list of arguments, with the current environment, or with a search in
 * PATH. */
#include "alias.h"
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **__environ;

int execve(const char *path, char *const argv[], char *const envp[])
{
    return (int)SYS(SYS_execve, path, argv, envp);
}

int execv(const char *path, char *const argv[])
{
    return execve(path, argv, __environ);
}

int fexecve(int fd, char *const argv[], char *const envp[])
{
    char name[DESCRIPTOR_NAME];
    long answer = sys_call(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);

    if (__call_missing(answer) && fd >= 0) { /* Linux 3.19 */
        __descriptor_name(name, fd);
        answer = sys_call(SYS_execve, name, argv, envp);
        if (answer == -ENOENT) /* no /proc; a bad descriptor is EBADF */
            answer = sys_call(SYS_fcntl, fd, F_GETFD, 0) < 0 ? -EBADF : -ENOSYS;
    }
    return (int)__sys_result(answer);
}

/* Runs a file of a format unknown to the kernel: POSIX demands sh for a script without `#!`. */
static void shell_run(const char *path, char *const argv[], char *const envp[])
{
    size_t count = 0;

    while (argv[count])
        count++;
    if (count > (size_t)INT_MAX) {
        errno = E2BIG;
        return;
    }
    char *arguments[count + 3];
    arguments[0] = (char *)"sh";
    arguments[1] = (char *)path;
    if (count)
        memcpy(arguments + 2, argv + 1, count * sizeof *argv);
    else
        arguments[2] = NULL;
    execve("/bin/sh", arguments, envp);
}

/* execvp(3): skips folders without the file. A file that may not be executed is reported only if no
 * later folder has a better one. */
int execvpe(const char *name, char *const argv[], char *const envp[])
{
    const char *path = getenv("PATH");
    size_t length = strnlen(name, NAME_MAX + 1);
    int denied = 0;

    errno = ENOENT;
    if (!*name)
        return -1;
    if (strchr(name, '/')) {
        execve(name, argv, envp);
        if (errno == ENOEXEC)
            shell_run(name, argv, envp);
        return -1;
    }
    if (length > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (!path)
        path = "/usr/local/bin:/bin:/usr/bin";
    for (const char *end;; path = end + 1) {
        char whole[PATH_MAX + NAME_MAX + 2];
        end = strchrnul(path, ':');
        size_t directory = (size_t)(end - path);
        if (directory < PATH_MAX) {
            memcpy(whole, path, directory);
            whole[directory] = '/';
            memcpy(whole + directory + (directory > 0), name, length + 1);
            execve(whole, argv, envp);
            if (errno == ENOEXEC) {
                shell_run(whole, argv, envp);
                return -1;
            }
            if (errno == EACCES)
                denied = 1;
            else if (errno != ENOENT && errno != ENOTDIR)
                return -1;
        }
        if (!*end)
            break;
    }
    if (denied)
        errno = EACCES;
    return -1;
}

int execvp(const char *name, char *const argv[])
{
    return execvpe(name, argv, __environ);
}

/* Copies the arguments with the closing NULL to this function's stack. */
#define LIST_TAKE(first, list)                                                                     \
    size_t list##_count = 1;                                                                       \
    va_list list##_rest;                                                                           \
    va_start(list##_rest, first);                                                                  \
    while (va_arg(list##_rest, char *))                                                            \
        list##_count++;                                                                            \
    va_end(list##_rest);                                                                           \
    char *list[list##_count + 1];                                                                  \
    list[0] = (char *)(first);                                                                     \
    va_start(list##_rest, first);                                                                  \
    for (size_t list##_i = 1; list##_i <= list##_count; list##_i++)                                \
        list[list##_i] = va_arg(list##_rest, char *);

int execl(const char *path, const char *first, ...)
{
    LIST_TAKE(first, list)
    va_end(list_rest);
    return execv(path, list);
}

int execlp(const char *name, const char *first, ...)
{
    LIST_TAKE(first, list)
    va_end(list_rest);
    return execvp(name, list);
}

int execle(const char *path, const char *first, ...)
{
    LIST_TAKE(first, list)
    char **envp = va_arg(list_rest, char **);
    va_end(list_rest);
    return execve(path, list, envp);
}
