#include "multibyte.h"
#include <stdint.h>
#include <stdlib.h>

static size_t convert(char *to, const wchar_t **from, size_t count, size_t room)
{
    const wchar_t *at = *from;
    size_t made = 0;
    int utf8 = locale_utf8();

    for (; count != 0; at++, count--) {
        char bytes[UTF8_MAX];
        size_t size;

        if (to && made == room) /* the next wide character may be invalid */
            break;
        if (LIKELY((unsigned)*at - 1 < 0x7f)) {
            if (to)
                to[made] = (char)*at;
            made++;
            continue;
        }
        size = __multibyte_encode(bytes, *at, utf8);
        if (size == (size_t)-1) {
            if (to)
                *from = at;
            return size;
        }
        if (to) {
            if (size > room - made)
                break;
            for (size_t i = 0; i < size; i++)
                to[made + i] = bytes[i];
        }
        if (*at == 0) {
            if (to)
                *from = NULL;
            return made;
        }
        made += size;
    }
    if (to)
        *from = at;
    return made;
}

size_t wcsnrtombs(char *restrict to, const wchar_t **restrict from, size_t count, size_t room,
                  mbstate_t *restrict state)
{
    (void)state; /* neither encoding has shift states */
    return convert(to, from, count, room);
}

size_t wcsrtombs(char *restrict to, const wchar_t **restrict from, size_t room,
                 mbstate_t *restrict state)
{
    (void)state;
    return convert(to, from, SIZE_MAX, room);
}

size_t wcstombs(char *restrict to, const wchar_t *restrict from, size_t room)
{
    const wchar_t *at = from;

    return convert(to, &at, SIZE_MAX, room);
}
