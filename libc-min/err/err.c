/* err(3) and related functions; psignal(3). */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char *__progname;

static void say(const char *format, va_list arguments, const char *reason)
{
    fprintf(stderr, "%s: ", __progname);
    if (format)
        vfprintf(stderr, format, arguments);
    if (reason)
        fprintf(stderr, "%s%s", format ? ": " : "", reason);
    fputc('\n', stderr);
}

void vwarn(const char *format, va_list arguments)
{
    say(format, arguments, strerror(errno));
}

void vwarnx(const char *format, va_list arguments)
{
    say(format, arguments, NULL);
}

_Noreturn void verr(int status, const char *format, va_list arguments)
{
    vwarn(format, arguments);
    exit(status);
}

_Noreturn void verrx(int status, const char *format, va_list arguments)
{
    vwarnx(format, arguments);
    exit(status);
}

void warn(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vwarn(format, arguments);
    va_end(arguments);
}

void warnx(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vwarnx(format, arguments);
    va_end(arguments);
}

_Noreturn void err(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    verr(status, format, arguments);
}

_Noreturn void errx(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    verrx(status, format, arguments);
}

void psignal(int signal, const char *text)
{
    fprintf(stderr, "%s%s%s\n", text && *text ? text : "", text && *text ? ": " : "",
            strsignal(signal));
}

void psiginfo(const siginfo_t *info, const char *text)
{
    psignal(info->si_signo, text);
}
