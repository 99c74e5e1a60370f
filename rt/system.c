#include "system.h"

#include "base/syscall.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

void system_say(const char *text)
{
    /* room for problem_end()'s text; static, because the stack may be a signal handler's */
    static __attribute__((section(".bss.~line"))) char line[1400];
    size_t length = text_format(line, sizeof line - 1, "ld-uexec.so.1: %s", text);
    text_printable(line);
    line[length++] = '\n';
    sys_call(SYS_write, 2, line, length);
}

_Noreturn void system_die(const char *text)
{
    system_say(text);
    for (;;)
        sys_call(SYS_exit_group, 127);
}

const char *system_error(long answer)
{
    static const struct {
        int number;
        char text[40];
    } errors[] = {
        {ENOENT, "No such file or directory"},
        {EACCES, "Permission denied"},
        {EPERM, "Operation not permitted"},
        {ENOMEM, "Cannot allocate memory"},
        {EMFILE, "Too many open files"},
        {ENFILE, "Too many open files in system"},
        {ELOOP, "Too many levels of symbolic links"},
        {E2BIG, "Argument list too long"},
        {ENAMETOOLONG, "File name too long"},
        {ENOTDIR, "Not a directory"},
        {EISDIR, "Is a directory"},
        {EINVAL, "Invalid argument"},
        {EEXIST, "File exists"},
        {EIO, "Input/output error"},
        {ENOSPC, "No space left on device"},
        {EBADF, "Bad file descriptor"},
        {EPIPE, "Broken pipe"},
        {ENODEV, "No such device"},
        {ENOEXEC, "Exec format error"},
        {ETXTBSY, "Text file busy"},
    };
    static char other[24];
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i].number == -answer)
            return errors[i].text;
    text_format(other, sizeof other, "error %ld", -answer);
    return other;
}
