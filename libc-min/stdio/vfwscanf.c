/* The wscanf family, by way of the multibyte form of the format and of the text. Widths, sets and
 * %n count bytes, which differs from what C says for characters that are not ASCII. */
#include "scan.h"
#include <stdlib.h>
#include <wchar.h>

/* To be freed; NULL with errno. */
static char *narrow_make(const wchar_t *wide)
{
    mbstate_t state = {0};
    const wchar_t *from = wide;
    size_t length = wcsrtombs(NULL, &from, 0, &state);
    char *narrow;

    if (length == (size_t)-1 || !(narrow = malloc(length + 1)))
        return NULL;
    from = wide;
    wcsrtombs(narrow, &from, length + 1, &state);
    return narrow;
}

int vfwscanf(FILE *restrict stream, const wchar_t *restrict format, va_list arguments)
{
    struct input input = {.stream = stream};
    char *narrow = narrow_make(format);
    int held, assigned = EOF;

    if (!narrow)
        return EOF;
    held = stream_enter(stream);
    stream->orientation = stream->orientation ? stream->orientation : 1;
    assigned = __scan(&input, narrow, arguments);
    stream_leave(stream, held);
    free(narrow);
    return assigned;
}

int vswscanf(const wchar_t *restrict text, const wchar_t *restrict format, va_list arguments)
{
    char *narrow = narrow_make(format), *bytes = narrow ? narrow_make(text) : NULL;
    struct input input = {.text = (const unsigned char *)bytes};
    int assigned = bytes ? __scan(&input, narrow, arguments) : EOF;

    free(bytes);
    free(narrow);
    return assigned;
}

int vwscanf(const wchar_t *restrict format, va_list arguments)
{
    return vfwscanf(stdin, format, arguments);
}

WEAK_ALIAS(vfwscanf, __isoc99_vfwscanf);
WEAK_ALIAS(vswscanf, __isoc99_vswscanf);
WEAK_ALIAS(vwscanf, __isoc99_vwscanf);
