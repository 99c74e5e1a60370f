/* Internals of the printf family: the destination of the characters, and one conversion. */
#ifndef LIBC_FORMAT_H
#define LIBC_FORMAT_H

#include "alias.h"
#include "character.h"
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Characters are stored from `next` up to `end`, in a stream's own buffer or the program's array.
 * Further characters go to the stream, or are only counted. Wide characters for a stream have a
 * buffer of their own, `start` to `end`. */
struct sink {
    character *next;
    character *end;
    character *start; /* the characters from here to `next` are not in `before` */
    size_t before;    /* characters that came before `start`, stored or not */
    FILE *stream;     /* NULL: an array */
    int failed;       /* the stream has refused some characters */
};

/* The slow path of sinks: more characters than fit. */
HIDDEN void __sink_spill(struct sink *sink, const character *text, size_t size);
HIDDEN void __sink_fill(struct sink *sink, char filler, size_t count);
#ifdef WIDE
/* Writes the buffered characters to the stream; 0, or -1 with errno. */
HIDDEN int __wide_sink_flush(struct sink *sink);
#endif

/* Formats; the return value of printf(). */
HIDDEN int __format(struct sink *sink, const character *format, va_list arguments);
/* The same on a stream whose lock the caller holds. */
HIDDEN int __format_stream(FILE *stream, const char *format, va_list arguments);

enum format_flags {
    FORMAT_LEFT = 1,
    FORMAT_PLUS = 2,
    FORMAT_SPACE = 4,
    FORMAT_ALTERNATE = 8,
    FORMAT_ZERO = 16,
};

struct conversion {
    unsigned flags;
    int width;
    int precision; /* -1: none */
    char length;   /* h, l, j, z, t, L; H for hh, q for ll; 0: none */
    char letter;   /* d, i, o, ... */
};

/* s; ls or S; c, lc or C. -1 with errno, or 0. */
HIDDEN int __format_string(struct sink *sink, const struct conversion *conversion,
                           const char *text);
HIDDEN int __format_wide(struct sink *sink, const struct conversion *conversion,
                         const wchar_t *text);
HIDDEN int __format_character(struct sink *sink, const struct conversion *conversion, int value);
/* a, e, f, g in either case. -1 with EOVERFLOW if the result is too long, else 0. */
HIDDEN int __format_float(struct sink *sink, const struct conversion *conversion,
                          long double value);

static inline size_t sink_count(const struct sink *sink)
{
    return sink->before + (size_t)(sink->next - sink->start);
}

static inline int format_fail(int error)
{
    errno = error;
    return -1;
}

/* Nonzero if `more` further characters exceed what printf() can return. */
static inline int format_too_long(const struct sink *sink, size_t more)
{
    return more > INT_MAX || sink_count(sink) > INT_MAX - more;
}

/* Stores `size` characters. */
static inline void sink_put(struct sink *sink, const character *text, size_t size)
{
    if (UNLIKELY(size > (size_t)(sink->end - sink->next))) {
        __sink_spill(sink, text, size);
    } else if (size < 16) {
        for (character *next = sink->next, *end = next + size; next != end;)
            *next++ = *text++;
        sink->next += size;
    } else {
        __builtin_memcpy(sink->next, text, size * sizeof *text);
        sink->next += size;
    }
}

/* Stores ASCII text: numbers, and their prefixes and suffixes. */
static inline void sink_put_ascii(struct sink *sink, const char *text, size_t size)
{
#ifdef WIDE
    for (; size; size--) {
        character wide = *text++;

        if (UNLIKELY(sink->next == sink->end))
            __sink_spill(sink, &wide, 1);
        else
            *sink->next++ = wide;
    }
#else
    sink_put(sink, text, size);
#endif
}

static inline void sink_fill(struct sink *sink, char filler, int count)
{
    if (count > 0)
        __sink_fill(sink, filler, (size_t)count);
}

/* Text of `size` characters in a field; -1 with errno if that is too long, else 0. */
static inline int sink_put_field(struct sink *sink, const struct conversion *conversion,
                                 const character *text, size_t size)
{
    int padding = 0;

    if (format_too_long(sink, size > (size_t)conversion->width ? size : (size_t)conversion->width))
        return format_fail(EOVERFLOW);
    if (conversion->width > (int)size)
        padding = conversion->width - (int)size;
    if (!(conversion->flags & FORMAT_LEFT))
        sink_fill(sink, ' ', padding);
    sink_put(sink, text, size);
    if (conversion->flags & FORMAT_LEFT)
        sink_fill(sink, ' ', padding);
    return 0;
}

#endif
