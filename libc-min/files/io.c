/* read(2), write(2) and what moves bytes or positions. */
#include "alias.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
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

ssize_t copy_file_range(int from, off_t *from_offset, int to, off_t *to_offset, size_t size,
                        unsigned flags)
{
    return SYS(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
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

/* These two answer with the error itself (POSIX). */
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

/* The names that programs compiled for 64-bit offsets by hand import; off_t has always been that.
 */
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
