/* stat(2), chmod(2), mkdir(2), mknod(2), utimensat(2). musl's struct stat is the kernel's on
 * x86-64. */
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int stat(const char *restrict path, struct stat *restrict to)
{
    return (int)SYS(SYS_stat, path, to);
}

int lstat(const char *restrict path, struct stat *restrict to)
{
    return (int)SYS(SYS_lstat, path, to);
}

int fstat(int fd, struct stat *to)
{
    return (int)SYS(SYS_fstat, fd, to);
}

int fstatat(int directory, const char *restrict path, struct stat *restrict to, int flags)
{
    return (int)SYS(SYS_newfstatat, directory, path, to, flags);
}

int chmod(const char *path, mode_t mode)
{
    return (int)SYS(SYS_chmod, path, mode);
}

int fchmod(int fd, mode_t mode)
{
    return (int)SYS(SYS_fchmod, fd, mode);
}

enum { FCHMODAT2 = 452 }; /* Linux 6.6; musl 1.2.3's headers are older */

/* The kernel's fchmodat(2) has no flags; the mode of a link itself cannot be changed. */
int fchmodat(int directory, const char *path, mode_t mode, int flags)
{
    struct stat status;

    if (flags & ~AT_SYMLINK_NOFOLLOW) {
        errno = EINVAL;
        return -1;
    }
    if (flags) {
        long answer = sys_call(FCHMODAT2, directory, path, mode, flags);
        if (!__call_missing(answer))
            return (int)__sys_result(answer);
        if (fstatat(directory, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return -1;
        if (S_ISLNK(status.st_mode)) {
            errno = EOPNOTSUPP;
            return -1;
        }
    }
    return (int)SYS(SYS_fchmodat, directory, path, mode);
}

mode_t umask(mode_t mask)
{
    return (mode_t)sys_call(SYS_umask, mask);
}

int mkdir(const char *path, mode_t mode)
{
    return (int)SYS(SYS_mkdir, path, mode);
}

int mkdirat(int directory, const char *path, mode_t mode)
{
    return (int)SYS(SYS_mkdirat, directory, path, mode);
}

int mknod(const char *path, mode_t mode, dev_t device)
{
    return (int)SYS(SYS_mknod, path, mode, device);
}

int mknodat(int directory, const char *path, mode_t mode, dev_t device)
{
    return (int)SYS(SYS_mknodat, directory, path, mode, device);
}

int mkfifo(const char *path, mode_t mode)
{
    return mknod(path, mode | S_IFIFO, 0);
}

int mkfifoat(int directory, const char *path, mode_t mode)
{
    return mknodat(directory, path, mode | S_IFIFO, 0);
}

int utimensat(int directory, const char *path, const struct timespec times[2], int flags)
{
    return (int)SYS(SYS_utimensat, directory, path, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
    return utimensat(fd, NULL, times, 0);
}

LARGE_ALIAS(stat, stat64);
LARGE_ALIAS(lstat, lstat64);
LARGE_ALIAS(fstat, fstat64);
LARGE_ALIAS(fstatat, fstatat64);
