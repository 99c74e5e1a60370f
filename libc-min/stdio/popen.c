/* popen(), pclose(): a pipe to or from a shell. */
#include "stream.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Runs in the child, which closes the pipes of earlier popen()s (POSIX), found in its copy of the
 * list. */
static _Noreturn void shell_become(const char *command, int theirs, int number)
{
    char *arguments[] = {"sh", "-c", (char *)command, NULL};

    __stream_close_children();
    if (theirs == number) /* dup2() would leave O_CLOEXEC set */
        fcntl(theirs, F_SETFD, 0);
    else
        dup2(theirs, number);
    execve("/bin/sh", arguments, environ);
    _exit(127);
}

FILE *popen(const char *command, const char *mode)
{
    int ends[2], reading = *mode == 'r', error;
    FILE *stream;
    pid_t child;

    if (*mode != 'r' && *mode != 'w') {
        errno = EINVAL;
        return NULL;
    }
    if (pipe2(ends, O_CLOEXEC) < 0)
        return NULL;
    stream = __stream_new(reading ? STREAM_NO_WRITE : STREAM_NO_READ);
    child = stream ? fork() : -1;
    if (child == 0)
        shell_become(command, ends[reading], reading);
    if (child < 0) {
        error = errno;
        close(ends[0]);
        close(ends[1]);
        if (stream)
            fclose(stream);
        errno = error;
        return NULL;
    }
    close(ends[reading]);
    stream->descriptor = ends[!reading];
    stream->child = child;
    if (!strchr(mode, 'e'))
        fcntl(stream->descriptor, F_SETFD, 0);
    return stream;
}

int pclose(FILE *stream)
{
    pid_t child = stream->child, answer;
    int status;

    fclose(stream);
    do
        answer = waitpid(child, &status, 0);
    while (answer < 0 && errno == EINTR);
    return answer < 0 ? -1 : status;
}
