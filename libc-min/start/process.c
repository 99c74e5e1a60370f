#include "process.h"
#include "syscall.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/uio.h>

HIDDEN struct process __process = {.page = 4096};

/* program_invocation_name and program_invocation_short_name: glibc's names, which musl has too. */
char *__progname = "", *__progname_full = "";
WEAK_ALIAS(__progname, program_invocation_short_name);
WEAK_ALIAS(__progname_full, program_invocation_name);

unsigned long __process_auxv(unsigned long type)
{
    if (__process.auxv)
        for (const Elf64_auxv_t *entry = __process.auxv; entry->a_type != AT_NULL; entry++)
            if (entry->a_type == type)
                return entry->a_un.a_val;
    return 0;
}

/* getauxval(3): ENOENT distinguishes a missing entry from one that is 0. */
unsigned long getauxval(unsigned long type)
{
    for (const Elf64_auxv_t *entry = __process.auxv; entry->a_type != AT_NULL; entry++)
        if (entry->a_type == type)
            return entry->a_un.a_val;
    errno = ENOENT;
    return 0;
}
ALIAS(getauxval, __getauxval);

/* Raises SIGABRT as abort() does, but runs no handler, because the process may be damaged. */
static _Noreturn void die_now(void)
{
    struct {
        void (*handler)(int);
        unsigned long flags;
        void *restorer;
        unsigned long mask;
    } fall_back = {0};
    unsigned long none = 0;
    long pid = sys_call(SYS_getpid);

    sys_call(SYS_rt_sigaction, SIGABRT, &fall_back, NULL, sizeof none);
    sys_call(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
    sys_call(SYS_tgkill, pid, sys_call(SYS_gettid), SIGABRT);
    for (;;)
        sys_call(SYS_exit_group, 127);
}

/* Does not use snprintf(), which may be damaged. */
static size_t address_text(char *text, uintptr_t value)
{
    int digit = 60;
    size_t length = 0;

    memcpy(text, ": 0x", 4);
    length = 4;
    while (digit > 0 && !(value >> digit & 15))
        digit -= 4;
    for (; digit >= 0; digit -= 4)
        text[length++] = "0123456789abcdef"[value >> digit & 15];
    return length;
}

void __process_die(const char *text, const void *value)
{
    char address[24];
    struct iovec line[5] = {
        {__progname_full, strlen(__progname_full)},
        {(char *)": ", 2},
        {(char *)text, strlen(text)},
        {address, value ? address_text(address, (uintptr_t)value) : 0},
        {(char *)"\n", 1},
    };

    sys_call(SYS_writev, 2, line, 5);
    die_now();
}

_Noreturn __attribute__((cold)) void __stack_chk_fail(void);

/* -fstack-protector calls it when a function's canary has changed (thread.h). */
void __stack_chk_fail(void)
{
    __process_die("stack smashed: a function wrote past the end of a local array", NULL);
}
