/* stat(2), statfs(2), and what changes an inode. musl's struct stat is the kernel's on x86-64. */
#include "alias.h"
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

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

/* The kernel's fchmodat(2) has no flags; a link's own mode cannot be changed. */
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

int chown(const char *path, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_chown, path, owner, group);
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_lchown, path, owner, group);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_fchown, fd, owner, group);
}

int fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags)
{
    return (int)SYS(SYS_fchownat, directory, path, owner, group, flags);
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

static int times_set(int directory, const char *path, const struct timeval times[2], int flags)
{
    struct timespec exact[2];

    for (int i = 0; times && i < 2; i++) {
        if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000) {
            errno = EINVAL;
            return -1;
        }
        exact[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
    }
    return utimensat(directory, path, times ? exact : NULL, flags);
}

int utimes(const char *path, const struct timeval times[2])
{
    return times_set(AT_FDCWD, path, times, 0);
}

int lutimes(const char *path, const struct timeval times[2])
{
    return times_set(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval times[2])
{
    return times_set(fd, NULL, times, 0);
}

int utime(const char *path, const struct utimbuf *times)
{
    struct timespec exact[2];

    if (times) {
        exact[0] = (struct timespec){times->actime, 0};
        exact[1] = (struct timespec){times->modtime, 0};
    }
    return utimensat(AT_FDCWD, path, times ? exact : NULL, 0);
}

int statfs(const char *path, struct statfs *to)
{
    memset(to, 0, sizeof *to);
    return (int)SYS(SYS_statfs, path, to);
}

int fstatfs(int fd, struct statfs *to)
{
    memset(to, 0, sizeof *to);
    return (int)SYS(SYS_fstatfs, fd, to);
}

static int statvfs_fill(int answer, const struct statfs *from, struct statvfs *to)
{
    if (answer != 0)
        return -1;
    memset(to, 0, sizeof *to);
    to->f_bsize = from->f_bsize;
    to->f_frsize = from->f_frsize ? from->f_frsize : from->f_bsize;
    to->f_blocks = from->f_blocks;
    to->f_bfree = from->f_bfree;
    to->f_bavail = from->f_bavail;
    to->f_files = from->f_files;
    to->f_ffree = from->f_ffree;
    to->f_favail = from->f_ffree;
    to->f_fsid = (unsigned long)(unsigned)from->f_fsid.__val[0];
    to->f_flag = from->f_flags;
    to->f_namemax = from->f_namelen;
    return 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict to)
{
    struct statfs status;

    return statvfs_fill(statfs(path, &status), &status, to);
}

int fstatvfs(int fd, struct statvfs *to)
{
    struct statfs status;

    return statvfs_fill(fstatfs(fd, &status), &status, to);
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
    return SYS(SYS_getxattr, path, name, value, size);
}

ssize_t lgetxattr(const char *path, const char *name, void *value, size_t size)
{
    return SYS(SYS_lgetxattr, path, name, value, size);
}

ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)
{
    return SYS(SYS_fgetxattr, fd, name, value, size);
}

int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    return (int)SYS(SYS_setxattr, path, name, value, size, flags);
}

int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    return (int)SYS(SYS_lsetxattr, path, name, value, size, flags);
}

int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
    return (int)SYS(SYS_fsetxattr, fd, name, value, size, flags);
}

ssize_t listxattr(const char *path, char *list, size_t size)
{
    return SYS(SYS_listxattr, path, list, size);
}

ssize_t llistxattr(const char *path, char *list, size_t size)
{
    return SYS(SYS_llistxattr, path, list, size);
}

ssize_t flistxattr(int fd, char *list, size_t size)
{
    return SYS(SYS_flistxattr, fd, list, size);
}

int removexattr(const char *path, const char *name)
{
    return (int)SYS(SYS_removexattr, path, name);
}

int lremovexattr(const char *path, const char *name)
{
    return (int)SYS(SYS_lremovexattr, path, name);
}

int fremovexattr(int fd, const char *name)
{
    return (int)SYS(SYS_fremovexattr, fd, name);
}

LARGE_ALIAS(stat, stat64);
LARGE_ALIAS(lstat, lstat64);
LARGE_ALIAS(fstat, fstat64);
LARGE_ALIAS(fstatat, fstatat64);
LARGE_ALIAS(statfs, statfs64);
LARGE_ALIAS(fstatfs, fstatfs64);
LARGE_ALIAS(statvfs, statvfs64);
LARGE_ALIAS(fstatvfs, fstatvfs64);
