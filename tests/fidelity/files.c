/* Open descriptors: which, to what, with which flags, how far read. */
#include "out.h"
#include "probe.h"
#include "raw.h"

static void look_descriptor(uint64_t fd, const char *name)
{
    static char path[64] = "/proc/self/fd/"; /* in .data: bss must stay zero until looked at */
    static char target[4096];
    size_t end = sizeof "/proc/self/fd/" - 1;
    do
        path[end++] = *name;
    while (*name++ != '\0');
    long got = raw_call(SYS_readlinkat, (uint64_t)AT_FDCWD, (uintptr_t)path, (uintptr_t)target,
                        sizeof target, 0, 0);
    out_item_number("fd", fd);
    out_bytes_of(target, got < 0 ? 0 : (size_t)got);
    out_text(" flags ");
    out_hex((uint64_t)raw_call3(SYS_fcntl, fd, F_GETFL, 0));
    out_text(" descriptor-flags ");
    out_decimal(raw_call3(SYS_fcntl, fd, F_GETFD, 0));
    out_text(" position ");
    out_decimal(raw_call3(SYS_lseek, fd, 0, 1 /* SEEK_CUR */));
    out_end();
}

void look_files(void)
{
    char entries[4096];
    int directory = raw_open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
    /* the lowest free number: what the program's first open will give */
    out_line_decimal("fd-free", directory);
    for (long got; (got = raw_call3(SYS_getdents64, (uint64_t)directory, (uintptr_t)entries,
                                    sizeof entries)) > 0;) {
        for (long at = 0; at < got; at += *(uint16_t *)(entries + at + 16)) {
            const char *name = entries + at + 19, *digits = name;
            uint64_t fd = take_number(&digits, name + 16, 10);
            if (*name != '.' && fd != (uint64_t)directory)
                look_descriptor(fd, name);
        }
    }
    raw_call3(SYS_close, (uint64_t)directory, 0, 0);
}
