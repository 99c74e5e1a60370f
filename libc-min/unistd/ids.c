/* Ids of a process, groups, sessions: getpid(2), setuid(2) and related functions.
 *
 * POSIX demands that set*id() change every thread; the kernel changes only the calling one. With
 * more than one thread, they fail with ENOSYS: otherwise the other threads would keep the
 * privileges. */
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <grp.h>
#include <unistd.h>

static int unsupported(void)
{
    errno = ENOSYS;
    return -1;
}

pid_t getpid(void)
{
    return (pid_t)sys_call(SYS_getpid);
}

pid_t getppid(void)
{
    return (pid_t)sys_call(SYS_getppid);
}

pid_t gettid(void)
{
    return (pid_t)sys_call(SYS_gettid);
}

uid_t getuid(void)
{
    return (uid_t)sys_call(SYS_getuid);
}

uid_t geteuid(void)
{
    return (uid_t)sys_call(SYS_geteuid);
}

gid_t getgid(void)
{
    return (gid_t)sys_call(SYS_getgid);
}

gid_t getegid(void)
{
    return (gid_t)sys_call(SYS_getegid);
}

pid_t getpgid(pid_t pid)
{
    return (pid_t)SYS(SYS_getpgid, pid);
}

pid_t getpgrp(void)
{
    return (pid_t)sys_call(SYS_getpgid, 0);
}

int setpgid(pid_t pid, pid_t group)
{
    return (int)SYS(SYS_setpgid, pid, group);
}

pid_t setpgrp(void)
{
    return setpgid(0, 0);
}

pid_t getsid(pid_t pid)
{
    return (pid_t)SYS(SYS_getsid, pid);
}

pid_t setsid(void)
{
    return (pid_t)SYS(SYS_setsid);
}

int setuid(uid_t user)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setuid, user);
}

int setgid(gid_t group)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setgid, group);
}

int setreuid(uid_t real, uid_t effective)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setreuid, real, effective);
}

int setregid(gid_t real, gid_t effective)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setregid, real, effective);
}

int seteuid(uid_t effective)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setresuid, -1, effective, -1);
}

int setegid(gid_t effective)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setresgid, -1, effective, -1);
}

int setresuid(uid_t real, uid_t effective, uid_t saved)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setresuid, real, effective, saved);
}

int setresgid(gid_t real, gid_t effective, gid_t saved)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setresgid, real, effective, saved);
}

int getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
    return (int)SYS(SYS_getresuid, real, effective, saved);
}

int getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
    return (int)SYS(SYS_getresgid, real, effective, saved);
}

int getgroups(int count, gid_t *groups)
{
    return (int)SYS(SYS_getgroups, count, groups);
}

int setgroups(size_t count, const gid_t *groups)
{
    return __thread_count > 1 ? unsupported() : (int)SYS(SYS_setgroups, count, groups);
}
