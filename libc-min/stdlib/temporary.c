/* mkstemp(3) and related functions: random characters replace the last six of the template. */
#include "alias.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 };

/* The place of the six X, or NULL with EINVAL. */
static char *marks_find(char *template, int suffix)
{
    size_t length = strlen(template);

    if (suffix < 0 || length < 6 || (size_t)suffix > length - 6 ||
        memcmp(template + length - (size_t)suffix - 6, "XXXXXX", 6) != 0) {
        errno = EINVAL;
        return NULL;
    }
    return template + length - suffix - 6;
}

static void marks_fill(char *marks)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    uint64_t bits = 0;

    if (sys_call(SYS_getrandom, &bits, sizeof bits, 1 /* GRND_NONBLOCK */) != sizeof bits) {
        static uint64_t counter;
        bits = (__atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED) + (uintptr_t)&bits) *
               UINT64_C(0x9E3779B97F4A7C15);
    }
    for (int i = 0; i < 6; i++, bits >>= 6)
        marks[i] = letters[bits & 63];
}

int mkostemps(char *template, int suffix, int flags)
{
    char *marks = marks_find(template, suffix);

    for (int i = 0; marks && i < ATTEMPTS; i++) {
        marks_fill(marks);
        int fd = open(template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0)
            return fd;
        if (errno != EEXIST)
            break;
    }
    if (marks)
        memcpy(marks, "XXXXXX", 6);
    return -1;
}

int mkstemp(char *template)
{
    return mkostemps(template, 0, 0);
}

int mkostemp(char *template, int flags)
{
    return mkostemps(template, 0, flags);
}

int mkstemps(char *template, int suffix)
{
    return mkostemps(template, suffix, 0);
}

char *mkdtemp(char *template)
{
    char *marks = marks_find(template, 0);

    for (int i = 0; marks && i < ATTEMPTS; i++) {
        marks_fill(marks);
        if (mkdir(template, 0700) == 0)
            return template;
        if (errno != EEXIST)
            break;
    }
    if (marks)
        memcpy(marks, "XXXXXX", 6);
    return NULL;
}

/* On failure the template becomes the empty string (mktemp(3)). */
char *mktemp(char *template)
{
    char *marks = marks_find(template, 0);
    struct stat status;

    for (int i = 0; marks && i < ATTEMPTS; i++) {
        marks_fill(marks);
        if (lstat(template, &status) != 0) {
            if (errno == ENOENT)
                return template;
            break;
        }
        errno = EEXIST;
    }
    *template = 0;
    return template;
}

LARGE_ALIAS(mkstemp, mkstemp64);
LARGE_ALIAS(mkostemp, mkostemp64);
LARGE_ALIAS(mkstemps, mkstemps64);
LARGE_ALIAS(mkostemps, mkostemps64);
