/* remove(), rename(). */
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

/* A directory is removed by rmdir(2), because unlink(2) answers EISDIR for one (Linux; POSIX:
 * EPERM). */
int remove(const char *name)
{
    long answer = sys_call(SYS_unlink, name);

    if (answer == -EISDIR)
        answer = sys_call(SYS_rmdir, name);
    return (int)__sys_result(answer);
}

int rename(const char *from, const char *to)
{
    return (int)SYS(SYS_rename, from, to);
}
