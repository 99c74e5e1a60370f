#include "message.h"

#include "../inspect/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *message_printable(char *text)
{
    return utf8_printable(text);
}

/* The texts are zero behind their ends: strlen() reads 16 bytes at a time, which valgrind's
 * memcheck reports where they were never written, and under valgrind uexec has but one line to say.
 */
void problem_fill(struct problem *problem, int status, const char *format, ...)
{
    va_list list;
    memset(problem->text, 0, sizeof problem->text);
    va_start(list, format);
    vsnprintf(problem->text, sizeof problem->text, format, list);
    va_end(list);
    message_printable(problem->text);
    problem->status = status;
}

void message(const char *subject, const char *format, ...)
{
    char text[2048] = "", line[6400] = "";
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);

    /* PATH_MAX bytes of subject at the most: a name longer than that is no name */
    int length = subject == NULL
                     ? snprintf(line, sizeof line - 1, "uexec: %s", text)
                     : snprintf(line, sizeof line - 1, "uexec: %.4096s: %s", subject, text);
    if (length < 0)
        return;
    if ((size_t)length >= sizeof line - 1)
        length = sizeof line - 2;
    message_printable(line);
    line[length] = '\n';
    for (size_t done = 0; done < (size_t)length + 1;) {
        ssize_t written = write(STDERR_FILENO, line + done, (size_t)length + 1 - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        done += (size_t)written;
    }
}

const char *message_errno(int error)
{
    return strerror(error);
}
