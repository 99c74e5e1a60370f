/* Names in the file system: links, access, current directory. */
#include "descriptor.h"
#include "syscall.h"
#include "thread.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int access(const char *path, int mode)
{
    return (int)SYS(SYS_access, path, mode);
}

/* The check that a child makes, whose real ids are the effective ones. */
struct access_question {
    int directory, mode;
    const char *path;
    long answer; /* the kernel's */
};

static void access_child(struct __pthread *argument)
{
    struct access_question *question = (void *)argument;
    long error = sys_call(SYS_setresgid, sys_call(SYS_getegid), -1, -1);

    if (!error)
        error = sys_call(SYS_setresuid, sys_call(SYS_geteuid), -1, -1);
    question->answer =
        error ? error
              : sys_call(SYS_faccessat, question->directory, question->path, question->mode);
    for (;;)
        sys_call(SYS_exit, 0);
}

/* AT_EACCESS without faccessat2(2). faccessat(2) checks the real ids, so a child sets them to the
 * effective ones. The child shares the memory, and has no exit signal. */
static long access_effective(struct access_question *question)
{
    _Alignas(16) char stack[2048];
    unsigned long every = ~0UL, old;
    long child;

    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, &every, &old, sizeof old);
    child = __thread_clone(CLONE_VM | CLONE_VFORK, stack + sizeof stack, NULL, (void *)question,
                           NULL, access_child);
    if (child > 0)
        while (sys_call(SYS_wait4, child, NULL, __WCLONE, NULL) == -EINTR)
            ;
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof old);
    return child < 0 ? child : question->answer;
}

/* faccessat2(2) with the system calls before Linux 5.8. */
static long access_older(int directory, const char *path, int mode, int flags)
{
    struct access_question question = {directory, mode, path, -ENOSYS};
    char name[DESCRIPTOR_NAME];
    struct stat status;

    if (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) || mode & ~(R_OK | W_OK | X_OK))
        return -EINVAL;
    if (flags & AT_EMPTY_PATH && !*path) {
        question.path = directory == AT_FDCWD ? "." : name;
        if (directory != AT_FDCWD)
            __descriptor_name(name, directory);
    } else if (flags & AT_SYMLINK_NOFOLLOW) {
        long error = sys_call(SYS_newfstatat, directory, path, &status, AT_SYMLINK_NOFOLLOW);
        if (error || S_ISLNK(status.st_mode))
            return error; /* symlink(7): a link grants everything to everyone */
    }
    if (flags & AT_EACCESS && (sys_call(SYS_getuid) != sys_call(SYS_geteuid) ||
                               sys_call(SYS_getgid) != sys_call(SYS_getegid)))
        return access_effective(&question);
    return sys_call(SYS_faccessat, directory, question.path, mode);
}

int faccessat(int directory, const char *path, int mode, int flags)
{
    long answer;

    if (!flags)
        return (int)SYS(SYS_faccessat, directory, path, mode);
    answer = sys_call(SYS_faccessat2, directory, path, mode, flags);
    if (__call_missing(answer))
        answer = access_older(directory, path, mode, flags);
    return (int)__sys_result(answer);
}

int eaccess(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

int euidaccess(const char *path, int mode)
{
    return eaccess(path, mode);
}

int unlink(const char *path)
{
    return (int)SYS(SYS_unlink, path);
}

int unlinkat(int directory, const char *path, int flags)
{
    return (int)SYS(SYS_unlinkat, directory, path, flags);
}

int rmdir(const char *path)
{
    return (int)SYS(SYS_rmdir, path);
}

int link(const char *old, const char *new)
{
    return (int)SYS(SYS_link, old, new);
}

int linkat(int old_directory, const char *old, int new_directory, const char *new, int flags)
{
    return (int)SYS(SYS_linkat, old_directory, old, new_directory, new, flags);
}

int symlink(const char *target, const char *path)
{
    return (int)SYS(SYS_symlink, target, path);
}

int symlinkat(const char *target, int directory, const char *path)
{
    return (int)SYS(SYS_symlinkat, target, directory, path);
}

/* POSIX allows a size of 0; the kernel does not. */
ssize_t readlinkat(int directory, const char *restrict path, char *restrict buffer, size_t size)
{
    char one;
    ssize_t length = SYS(SYS_readlinkat, directory, path, size ? buffer : &one, size ? size : 1);

    return length > 0 && !size ? 0 : length;
}

ssize_t readlink(const char *restrict path, char *restrict buffer, size_t size)
{
    return readlinkat(AT_FDCWD, path, buffer, size);
}

int chdir(const char *path)
{
    return (int)SYS(SYS_chdir, path);
}

int fchdir(int fd)
{
    return (int)SYS(SYS_fchdir, fd);
}

int chroot(const char *path)
{
    return (int)SYS(SYS_chroot, path);
}

/* The kernel marks a directory outside the root as "(unreachable)", which is no absolute path. */
char *getcwd(char *buffer, size_t size)
{
    char own[PATH_MAX];
    char *to = buffer ? buffer : own;
    long length;

    if (buffer && !size) {
        errno = EINVAL;
        return NULL;
    }
    length = SYS(SYS_getcwd, to, buffer ? size : sizeof own);
    if (length < 0)
        return NULL;
    if (to[0] != '/') {
        errno = ENOENT;
        return NULL;
    }
    return buffer ? buffer : strdup(own);
}

char *get_current_dir_name(void)
{
    const char *named = getenv("PWD");
    struct stat here, there;

    if (named && *named && stat(named, &there) == 0 && stat(".", &here) == 0 &&
        here.st_dev == there.st_dev && here.st_ino == there.st_ino)
        return strdup(named);
    return getcwd(NULL, 0);
}
