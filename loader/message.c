#include "message.h"

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

void message(const char *subject, const char *format, ...)
{
    char text[2048], line[6400];
    va_list list;
    va_start(list, format);
    text_vformat(text, sizeof text, format, list);
    va_end(list);

    /* at most PATH_MAX bytes of the subject: no name is longer */
    size_t length = subject == NULL
                        ? text_format(line, sizeof line - 1, "uexec: %s", text)
                        : text_format(line, sizeof line - 1, "uexec: %.4096s: %s", subject, text);
    text_printable(line);
    line[length++] = '\n';
    for (size_t done = 0; done < length;) {
        ssize_t written = write(STDERR_FILENO, line + done, length - done);
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
