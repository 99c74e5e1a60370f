/* statfs(2), statvfs(3). */
#include "syscall.h"
#include <string.h>
#include <sys/statfs.h>

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

LARGE_ALIAS(statfs, statfs64);
LARGE_ALIAS(fstatfs, fstatfs64);
LARGE_ALIAS(statvfs, statvfs64);
LARGE_ALIAS(fstatvfs, fstatvfs64);
