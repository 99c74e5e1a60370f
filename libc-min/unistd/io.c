/* read(2), write(2) and other functions that move bytes or positions. */
#include "alias.h"
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t read(int fd, void *buffer, size_t size)
{
    return SYS(SYS_read, fd, buffer, size);
}

ssize_t write(int fd, const void *buffer, size_t size)
{
    return SYS(SYS_write, fd, buffer, size);
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
    return SYS(SYS_pread64, fd, buffer, size, offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
    return SYS(SYS_pwrite64, fd, buffer, size, offset);
}

ssize_t readv(int fd, const struct iovec *parts, int count)
{
    return SYS(SYS_readv, fd, parts, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return SYS(SYS_writev, fd, parts, count);
}

ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset)
{
    return SYS(SYS_preadv, fd, parts, count, offset, 0);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    return SYS(SYS_pwritev, fd, parts, count, offset, 0);
}

off_t lseek(int fd, off_t offset, int whence)
{
    return SYS(SYS_lseek, fd, offset, whence);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t size)
{
    return SYS(SYS_sendfile, to, from, offset, size);
}

/* The checks of copy_file_range(2): 0, or a negative error. */
static long copy_check(int from, off_t from_at, int to, off_t to_at, size_t size, unsigned flags)
{
    struct stat source, target;
    long from_flags = sys_call(SYS_fcntl, from, F_GETFL, 0);
    long to_flags = sys_call(SYS_fcntl, to, F_GETFL, 0);

    if (from_flags < 0 || to_flags < 0 || (from_flags & O_ACCMODE) == O_WRONLY ||
        (to_flags & O_ACCMODE) == O_RDONLY || to_flags & O_APPEND)
        return -EBADF;
    if (flags || sys_call(SYS_fstat, from, &source) || sys_call(SYS_fstat, to, &target))
        return -EINVAL;
    if (S_ISDIR(source.st_mode) || S_ISDIR(target.st_mode))
        return -EISDIR;
    if (!S_ISREG(source.st_mode) || !S_ISREG(target.st_mode) || from_at < 0 || to_at < 0)
        return -EINVAL;
    if (source.st_dev == target.st_dev && source.st_ino == target.st_ino &&
        (size_t)(from_at > to_at ? from_at - to_at : to_at - from_at) < size)
        return -EINVAL; /* the ranges overlap */
    return 0;
}

/* copy_file_range(2) for kernels without the call (before Linux 4.5): copies at most one buffer. A
 * caller must expect a short copy. */
static long copy_by_hand(int from, off_t *from_offset, int to, off_t *to_offset, size_t size,
                         unsigned flags)
{
    char buffer[8192];
    off_t from_at = from_offset ? *from_offset : sys_call(SYS_lseek, from, 0, SEEK_CUR);
    off_t to_at = to_offset ? *to_offset : sys_call(SYS_lseek, to, 0, SEEK_CUR);
    long error = copy_check(from, from_at, to, to_at, size, flags), done;

    if (error)
        return error;
    done =
        sys_call(SYS_pread64, from, buffer, size < sizeof buffer ? size : sizeof buffer, from_at);
    if (done > 0)
        done = sys_call(SYS_pwrite64, to, buffer, done, to_at);
    if (done <= 0)
        return done;
    if (from_offset)
        *from_offset += done;
    else
        sys_call(SYS_lseek, from, from_at + done, SEEK_SET);
    if (to_offset)
        *to_offset += done;
    else
        sys_call(SYS_lseek, to, to_at + done, SEEK_SET);
    return done;
}

ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t size,
                        unsigned flags)
{
    long answer = sys_call(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);

    if (__call_missing(answer))
        answer = copy_by_hand(from, from_offset, to, to_offset, size, flags);
    return __sys_result(answer);
}

ssize_t splice(int from, off_t *from_offset, int to, off_t *to_offset, size_t size, unsigned flags)
{
    return SYS(SYS_splice, from, from_offset, to, to_offset, size, flags);
}

ssize_t readahead(int fd, off_t offset, size_t size)
{
    return SYS(SYS_readahead, fd, offset, size);
}

int fsync(int fd)
{
    return (int)SYS(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return (int)SYS(SYS_fdatasync, fd);
}

int syncfs(int fd)
{
    return (int)SYS(SYS_syncfs, fd);
}

void sync(void)
{
    sys_call(SYS_sync);
}

int ftruncate(int fd, off_t length)
{
    return (int)SYS(SYS_ftruncate, fd, length);
}

int truncate(const char *path, off_t length)
{
    return (int)SYS(SYS_truncate, path, length);
}

/* These two return the error itself (POSIX). */
int posix_fallocate(int fd, off_t offset, off_t length)
{
    return (int)-sys_call(SYS_fallocate, fd, 0, offset, length);
}

int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
    return (int)-sys_call(SYS_fadvise64, fd, offset, length, advice);
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    return (int)SYS(SYS_fallocate, fd, mode, offset, length);
}

int sync_file_range(int fd, off_t offset, off_t length, unsigned flags)
{
    return (int)SYS(SYS_sync_file_range, fd, offset, length, flags);
}

/* The names that programs import which were compiled for 64-bit offsets without musl's headers;
 * off_t always has 64 bits. */
LARGE_ALIAS(pread, pread64);
LARGE_ALIAS(pwrite, pwrite64);
LARGE_ALIAS(lseek, lseek64);
LARGE_ALIAS(ftruncate, ftruncate64);
LARGE_ALIAS(truncate, truncate64);
LARGE_ALIAS(preadv, preadv64);
LARGE_ALIAS(pwritev, pwritev64);
LARGE_ALIAS(sendfile, sendfile64);
LARGE_ALIAS(posix_fallocate, posix_fallocate64);
LARGE_ALIAS(posix_fadvise, posix_fadvise64);
LARGE_ALIAS(fallocate, fallocate64);
