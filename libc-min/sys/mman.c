/* mmap(2) and related functions. */
#include "syscall.h"
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (length >= PTRDIFF_MAX) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return (void *)SYS(SYS_mmap, address, length, protection, flags, fd, offset);
}

int munmap(void *address, size_t length)
{
    return (int)SYS(SYS_munmap, address, length);
}

void *mremap(void *address, size_t old, size_t new, int flags, ...)
{
    void *wanted = NULL;

    if (new >= PTRDIFF_MAX) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
        va_list rest;
        va_start(rest, flags);
        wanted = va_arg(rest, void *);
        va_end(rest);
    }
    return (void *)SYS(SYS_mremap, address, old, new, flags, wanted);
}

int mprotect(void *address, size_t length, int protection)
{
    return (int)SYS(SYS_mprotect, address, length, protection);
}

int msync(void *address, size_t length, int flags)
{
    return (int)SYS(SYS_msync, address, length, flags);
}

int madvise(void *address, size_t length, int advice)
{
    return (int)SYS(SYS_madvise, address, length, advice);
}

int posix_madvise(void *address, size_t length, int advice)
{
    if (advice == POSIX_MADV_DONTNEED)
        return 0; /* MADV_DONTNEED of Linux discards the contents, that of POSIX does not */
    return (int)-sys_call(SYS_madvise, address, length, advice);
}

int mincore(void *address, size_t length, unsigned char *resident)
{
    return (int)SYS(SYS_mincore, address, length, resident);
}

int mlock(const void *address, size_t length)
{
    return (int)SYS(SYS_mlock, address, length);
}

int mlock2(const void *address, size_t length, unsigned flags)
{
    return flags ? (int)SYS(SYS_mlock2, address, length, flags) : mlock(address, length);
}

int munlock(const void *address, size_t length)
{
    return (int)SYS(SYS_munlock, address, length);
}

int mlockall(int flags)
{
    return (int)SYS(SYS_mlockall, flags);
}

int munlockall(void)
{
    return (int)SYS(SYS_munlockall);
}

int remap_file_pages(void *address, size_t size, int protection, size_t page, int flags)
{
    return (int)SYS(SYS_remap_file_pages, address, size, protection, page, flags);
}

int memfd_create(const char *name, unsigned flags)
{
    return (int)SYS(SYS_memfd_create, name, flags);
}

LARGE_ALIAS(mmap, mmap64);
