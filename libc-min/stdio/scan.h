/* Internals of the scanf family: the source of the characters. */
#ifndef LIBC_SCAN_H
#define LIBC_SCAN_H

#include "alias.h"
#include "character.h"
#include "stream.h"
#include <stdarg.h>
#include <stdint.h>

/* A character of the input: a byte from 0 up, or a wide character; EOF, which equals WEOF. */
#ifdef WIDE
typedef wchar_t input_character;
#else
typedef unsigned char input_character;
#endif
_Static_assert((int)WEOF == EOF, "one name serves for both");

struct input {
    const input_character *text; /* a string's next character; NULL: read from the stream */
    FILE *stream;
    size_t count; /* characters taken */
#ifdef WIDE
    int ended; /* the stream is at its end, or its bytes are no character */
#endif
};

/* The return value of scanf(). The caller holds the stream's lock. */
HIDDEN int __scan(struct input *input, const character *format, va_list arguments);

/* input_return() can put back one character only, and not EOF (C17 7.21.6.2p9). */
static inline int input_take(struct input *input)
{
    int taken;

    if (input->text)
        taken = *input->text ? (int)*input->text++ : EOF;
    else
#ifdef WIDE
        taken = input->ended ? EOF : (int)__stream_get_wide(input->stream);
    input->ended = taken == EOF;
#else
        taken = stream_getc(input->stream);
#endif
    input->count += taken != EOF;
    return taken;
}

static inline void input_return(struct input *input, int taken)
{
    if (taken == EOF)
        return;
    input->count--;
    if (input->text)
        input->text--;
    else
#ifdef WIDE
        /* cannot fail: there is room for the bytes, which came from the buffer */
        __stream_unget_wide(input->stream, taken);
#else
        input->stream->read--;
#endif
}

/* An input item: the longest sequence that is, or begins, a match for the conversion. */
struct item {
    char *text; /* with a terminating null byte */
    size_t length;
    size_t room;
    size_t width; /* characters that may still be taken */
    int failed;   /* no memory */
    char small[80];
};

HIDDEN void __item_end(struct item *item);
/* Begin an item and take the text of a number, at most `width` characters. Nonzero for a number. */
HIDDEN int __item_integer(struct input *input, struct item *item, size_t width, int base);
HIDDEN int __item_float(struct input *input, struct item *item, size_t width);

#endif
