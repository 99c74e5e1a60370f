/* System calls without a C library, and files read with them. */
#ifndef PROBE_RAW_H
#define PROBE_RAW_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

/* The kernel's result, -errno for a failure. */
static inline long raw_call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e,
                            uint64_t f)
{
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long raw_call3(long number, uint64_t a, uint64_t b, uint64_t c)
{
    return raw_call(number, a, b, c, 0, 0, 0);
}

static inline int raw_open(const char *path, int flags)
{
    return (int)raw_call3(SYS_openat, (uint64_t)AT_FDCWD, (uintptr_t)path, (uint64_t)flags);
}

/* Read a file into `text`, as much as there is room for. The number of bytes, -errno for a
 * failure. */
static inline long raw_read_file(const char *path, char *text, size_t room)
{
    int fd = raw_open(path, O_RDONLY);
    if (fd < 0)
        return fd;
    size_t have = 0;
    long got = 0;
    while (have < room &&
           (got = raw_call3(SYS_read, (uint64_t)fd, (uintptr_t)text + have, room - have)) > 0)
        have += (size_t)got;
    raw_call3(SYS_close, (uint64_t)fd, 0, 0);
    return got < 0 ? got : (long)have;
}

static inline bool text_begins(const char *text, const char *end, const char *with)
{
    while (*with != '\0') {
        if (text == end || *text++ != *with++)
            return false;
    }
    return true;
}

/* The end of the line that begins at `at`: its newline, or `end`. */
static inline const char *line_end(const char *at, const char *end)
{
    while (at < end && *at != '\n')
        at++;
    return at;
}

/* A number at *at, which is left after it. */
static inline uint64_t take_number(const char **at, const char *end, unsigned base)
{
    uint64_t value = 0;
    for (; *at < end; ++*at) {
        char c = **at;
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : 99;
        if (digit >= base)
            break;
        value = value * base + digit;
    }
    return value;
}

#endif
