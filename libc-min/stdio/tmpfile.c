/* Files without a name from the program: tmpfile(), tmpnam(). */
#include "stream.h"
#include "syscall.h"
#include "temporary.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#define TRIES 100 /* of six random characters: a hundred clashes mean an attack */

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

void __temporary_name(char *end)
{
    unsigned long long bits = 0;
    struct timespec now;

    if (sys_call(SYS_getrandom, &bits, sizeof bits, 0) != sizeof bits) {
        sys_call(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
        bits = (unsigned long long)now.tv_nsec * 0x9E3779B97F4A7C15 ^ (uintptr_t)&bits;
    }
    for (int i = 0; i < 6; i++, bits >>= 6)
        end[i] = letters[bits & 63];
}

FILE *tmpfile(void)
{
    char name[] = P_tmpdir "/tmpfile_XXXXXX";
    long descriptor = -EEXIST;
    FILE *stream;

    for (int i = 0; i < TRIES && descriptor == -EEXIST; i++) {
        __temporary_name(name + sizeof name - 7);
        descriptor = sys_call(SYS_open, name, O_RDWR | O_CREAT | O_EXCL, 0600);
    }
    if (__sys_result(descriptor) < 0)
        return NULL;
    sys_call(SYS_unlink, name);
    stream = __stream_new(0);
    if (stream)
        stream->descriptor = (int)descriptor;
    else
        sys_call(SYS_close, descriptor);
    return stream;
}

char *tmpnam(char *name)
{
    static char own[L_tmpnam];
    char path[] = P_tmpdir "/tmpnam_XXXXXX";

    _Static_assert(sizeof path <= L_tmpnam, "the header's promise");
    for (int i = 0; i < TRIES; i++) {
        __temporary_name(path + sizeof path - 7);
        if (sys_call(SYS_access, path, 0) == -ENOENT)
            return strcpy(name ? name : own, path);
    }
    return NULL;
}

#undef tmpfile64
WEAK_ALIAS(tmpfile, tmpfile64);
