/* ptrace(2). */
#include "syscall.h"
#include <errno.h>
#include <stdarg.h>
#include <sys/ptrace.h>
#include <unistd.h>

/* ptrace(2): the PEEK requests answer through the last argument, and -1 may be a valid value. */
long ptrace(int request, ...)
{
    va_list rest;
    pid_t pid;
    void *address, *data;
    long word, answer;

    va_start(rest, request);
    pid = va_arg(rest, pid_t);
    address = va_arg(rest, void *);
    data = va_arg(rest, void *);
    va_end(rest);
    if (request >= PTRACE_PEEKTEXT && request <= PTRACE_PEEKUSER)
        data = &word;
    answer = SYS(SYS_ptrace, request, pid, address, data);
    if (answer >= 0 && data == &word) {
        errno = 0;
        return word;
    }
    return answer;
}
