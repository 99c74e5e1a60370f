/* exec(3): execve(2) with a list of arguments, with the current environment, or with a search in
 * PATH. */
#include "alias.h"
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
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

/* Runs `run` with the arguments of execl(3) as an array on this function's stack, because exec
 * functions may be called where malloc() may not (after vfork(2), in a signal handler). With
 * `last`, an environment follows the closing NULL. */
static int list_run(int (*run)(const char *, char *const[], char *const[]), const char *name,
                    const char *first, va_list rest, bool last)
{
    va_list counted;
    size_t count = 0, filled = 0;

    va_copy(counted, rest);
    for (const char *next = first; next; next = va_arg(counted, const char *))
        count++;
    va_end(counted);
    const char *list[count + 1];
    for (const char *next = first; next; next = va_arg(rest, const char *))
        list[filled++] = next;
    list[filled] = NULL;
    char **envp = last ? va_arg(rest, char **) : __environ;
    return run(name, (char *const *)list, envp);
}

int execl(const char *path, const char *first, ...)
{
    va_list rest;
    va_start(rest, first);
    int result = list_run(execve, path, first, rest, false);
    va_end(rest);
    return result;
}

int execlp(const char *name, const char *first, ...)
{
    va_list rest;
    va_start(rest, first);
    int result = list_run(execvpe, name, first, rest, false);
    va_end(rest);
    return result;
}

int execle(const char *path, const char *first, ...)
{
    va_list rest;
    va_start(rest, first);
    int result = list_run(execve, path, first, rest, true);
    va_end(rest);
    return result;
}
