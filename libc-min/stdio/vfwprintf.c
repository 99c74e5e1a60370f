/* The wprintf family: the format and what comes of it are multibyte within, and become wide again
 * at the end. Widths and precisions count characters (sink.wide); %n counts bytes, which differs
 * behind characters that are not ASCII. */
#include "format.h"
#include "stream.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <wchar.h>

/* The text of a format, to be freed; NULL with errno. *size gets its length in bytes. */
static char *text_make(const wchar_t *wide_format, va_list arguments, size_t *size)
{
    mbstate_t state = {0};
    const wchar_t *from = wide_format;
    size_t length = wcsrtombs(NULL, &from, 0, &state);
    char *format, *text = NULL, none;
    struct sink sink = {.next = &none, .start = &none, .end = &none, .wide = 1};
    int count = -1;

    if (length == (size_t)-1 || !(format = malloc(length + 1)))
        return NULL;
    from = wide_format;
    wcsrtombs(format, &from, length + 1, &state);
    count = __format(&sink, format, arguments);
    if (count >= 0 && (text = malloc((size_t)count + 1))) {
        sink = (struct sink){.next = text, .start = text, .end = text + count, .wide = 1};
        __format(&sink, format, arguments);
        text[count] = 0;
        *size = (size_t)count;
    }
    free(format);
    return text;
}

/* Makes the text wide again, null characters and all, as far as there is room. Returns how many
 * characters it has, or -1 with EILSEQ. */
static size_t text_widen(wchar_t *wide, size_t room, const char *text, size_t size)
{
    mbstate_t state = {0};
    size_t count = 0, step;
    wchar_t character;

    for (; size; text += step, size -= step) {
        step = mbrtowc(&character, text, size, &state);
        if (step > size) {
            errno = EILSEQ;
            return (size_t)-1;
        }
        step += step == 0;
        if (count < room)
            wide[count] = character;
        count++;
    }
    return count;
}

int vfwprintf(FILE *restrict stream, const wchar_t *restrict format, va_list arguments)
{
    size_t size, count = (size_t)-1;
    char *text = text_make(format, arguments, &size);
    int held;

    if (!text)
        return -1;
    held = stream_enter(stream);
    stream->orientation = stream->orientation ? stream->orientation : 1;
    if (__stream_put(stream, text, size) == size)
        count = text_widen(NULL, 0, text, size);
    stream_leave(stream, held);
    free(text);
    return count > INT_MAX ? -1 : (int)count;
}

/* C17 7.29.2.3: a text that does not fit is an error, and no length is told. */
int vswprintf(wchar_t *restrict wide, size_t room, const wchar_t *restrict format,
              va_list arguments)
{
    size_t size, count;
    char *text = text_make(format, arguments, &size);

    if (!text)
        return -1;
    count = text_widen(wide, room, text, size);
    if (room && count != (size_t)-1)
        wide[count < room ? count : room - 1] = 0;
    if (count >= room && count != (size_t)-1) {
        errno = EOVERFLOW;
        count = (size_t)-1;
    }
    free(text);
    return count > INT_MAX ? -1 : (int)count;
}

int vwprintf(const wchar_t *restrict format, va_list arguments)
{
    return vfwprintf(stdout, format, arguments);
}
