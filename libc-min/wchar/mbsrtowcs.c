#include "multibyte.h"
#include <stdint.h>
#include <stdlib.h>

size_t mbsnrtowcs(wchar_t *restrict to, const char **restrict from, size_t size, size_t room,
                  mbstate_t *restrict state)
{
    static mbstate_t own_state;
    const char *at = *from;
    size_t made = 0;

    if (!state)
        state = &own_state;
    while ((!to || made < room) && size != 0) {
        wchar_t wide;
        size_t used = mbrtowc(&wide, at, size, state);

        if (used == (size_t)-1) {
            if (to)
                *from = at;
            return used;
        }
        if (used == (size_t)-2) {
            /* An incomplete character stays in the state, and its bytes count as read; POSIX leaves
             * that open. */
            at += size;
            break;
        }
        if (to)
            to[made] = wide;
        if (used == 0) {
            if (to)
                *from = NULL;
            return made;
        }
        made++;
        at += used;
        size -= used;
    }
    if (to)
        *from = at;
    return made;
}

size_t mbsrtowcs(wchar_t *restrict to, const char **restrict from, size_t room,
                 mbstate_t *restrict state)
{
    static mbstate_t own_state;
    const char *at = *from;
    size_t made = 0;
    int utf8 = locale_utf8(), begun;

    if (!state)
        state = &own_state;
    begun = !mbsinit(state);
    for (; !to || made < room; made++) {
        wchar_t wide;
        size_t used;

        /* the part that needs no state, unless the state holds a character */
        if (LIKELY(!begun)) {
            const unsigned char *byte = (const unsigned char *)at;

            used = 1;
            wide = byte[0];
            if (byte[0] >= 0x80)
                used = utf8 ? utf8_decode(&wide, byte, UTF8_MAX) : 0;
            if (LIKELY(used && wide)) {
                if (to)
                    to[made] = wide;
                at += used;
                continue;
            }
        }
        begun = 0;
        used = __multibyte_decode(&wide, at, UTF8_MAX, state, utf8);
        if (used == (size_t)-1) {
            if (to)
                *from = at;
            return used;
        }
        if (to)
            to[made] = wide;
        if (used == 0) {
            if (to)
                *from = NULL;
            return made;
        }
        at += used;
    }
    *from = at;
    return made;
}

size_t mbstowcs(wchar_t *restrict to, const char *restrict from, size_t room)
{
    mbstate_t state = {0};
    const char *at = from;

    return mbsrtowcs(to, &at, room, &state);
}
