/* strerror(3), strsignal(3) and related functions: short texts for errno(3) and signal(7), in
 * English in every locale. */
#include "alias.h"
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

int __xpg_strerror_r(int error, char *buffer, size_t size);
char *__strerror_l(int error, locale_t locale);

/* All strings one after another, and the offset of each: a table of pointers would need relocations
 * in every program that reports an error. The first string is for unknown numbers. */
static const struct {
    char none[sizeof "No error information"];
    char text_0[sizeof "No error"];
#define ROW(number, text) char text_##number[sizeof text];
#include "errors.inc"
#undef ROW
} error_texts = {
    "No error information",
    "No error",
#define ROW(number, text) text,
#include "errors.inc"
#undef ROW
};

static const unsigned short error_offsets[] = {
    offsetof(__typeof(error_texts), text_0),
#define ROW(number, text) [number] = offsetof(__typeof(error_texts), text_##number),
#include "errors.inc"
#undef ROW
};

static const struct {
    char none[sizeof "Unknown signal"];
#define ROW(number, text) char text_##number[sizeof text];
#include "signals.inc"
#undef ROW
} signal_texts = {
    "Unknown signal",
#define ROW(number, text) text,
#include "signals.inc"
#undef ROW
};

static const unsigned short signal_offsets[] = {
#define ROW(number, text) [number] = offsetof(__typeof(signal_texts), text_##number),
#include "signals.inc"
#undef ROW
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

char *strerror(int error)
{
    if (error >= 0 && (size_t)error < COUNT(error_offsets) && error_offsets[error])
        return (char *)&error_texts + error_offsets[error];
    errno = EINVAL;
    return (char *)&error_texts;
}

char *__strerror_l(int error, locale_t locale)
{
    (void)locale;
    return strerror(error);
}
WEAK_ALIAS(__strerror_l, strerror_l);

int __xpg_strerror_r(int error, char *buffer, size_t size)
{
    const char *text = strerror(error);
    size_t length = strlen(text);

    if (length < size) {
        memcpy(buffer, text, length + 1);
        return 0;
    }
    if (size) {
        memcpy(buffer, text, size - 1);
        buffer[size - 1] = 0;
    }
    return ERANGE;
}
WEAK_ALIAS(__xpg_strerror_r, strerror_r);

/* "RT32" to "RT64". */
static const char real_time[33][5] = {"RT32", "RT33", "RT34", "RT35", "RT36", "RT37", "RT38",
                                      "RT39", "RT40", "RT41", "RT42", "RT43", "RT44", "RT45",
                                      "RT46", "RT47", "RT48", "RT49", "RT50", "RT51", "RT52",
                                      "RT53", "RT54", "RT55", "RT56", "RT57", "RT58", "RT59",
                                      "RT60", "RT61", "RT62", "RT63", "RT64"};

char *strsignal(int signal)
{
    if (signal > 0 && (size_t)signal < COUNT(signal_offsets))
        return (char *)&signal_texts + signal_offsets[signal];
    if (signal >= 32 && signal < 65)
        return (char *)real_time[signal - 32];
    return (char *)&signal_texts;
}
