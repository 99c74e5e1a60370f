#include "wide_number.h"
#include <errno.h>
#include <stdlib.h>
#include <wctype.h>

/* Letters, digits, signs, points and the characters of nan(...). */
static int belongs(wchar_t wide)
{
    return ((unsigned)wide | 0x20) - 'a' < 26 || (unsigned)wide - '0' < 10 || wide == '+' ||
           wide == '-' || wide == '.' || wide == '_' || wide == '(' || wide == ')';
}

void __wide_number_begin(struct wide_number *number, const wchar_t *text)
{
    size_t length = 0, room = sizeof number->small;

    while (iswspace((wint_t)*text))
        text++;
    number->begin = text;
    while (belongs(text[length]))
        length++;
    number->bytes = number->small;
    if (length >= room) {
        number->bytes = malloc(length + 1);
        if (!number->bytes) { /* an empty text is no number */
            errno = ENOMEM;   /* a program's own malloc() need not set it (ISO C) */
            number->bytes = number->small;
            length = 0;
        }
    }
    for (size_t i = 0; i < length; i++)
        number->bytes[i] = (char)text[i];
    number->bytes[length] = 0;
}

void __wide_number_end(struct wide_number *number, const wchar_t *text, const char *end,
                       wchar_t **wide_end)
{
    if (wide_end)
        *wide_end =
            (wchar_t *)(end == number->bytes ? text : number->begin + (end - number->bytes));
    if (number->bytes != number->small)
        free(number->bytes);
}
