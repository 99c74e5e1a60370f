#include "multibyte.h"
#include <errno.h>
#include <stdint.h>

#define INVALID    ((size_t)-1)
#define INCOMPLETE ((size_t)-2)

/* Takes the first byte of a character of several bytes; 0 if no character begins so. */
static int partial_begin(struct partial *partial, unsigned char byte)
{
    if (byte >= 0xc2 && byte <= 0xdf)
        *partial = (struct partial){.value = byte & 0x1f, .expected = 2, .missing = 1};
    else if (byte >= 0xe0 && byte <= 0xef)
        *partial = (struct partial){.value = byte & 0xf, .expected = 3, .missing = 2};
    else if (byte >= 0xf0 && byte <= 0xf4)
        *partial = (struct partial){.value = byte & 7, .expected = 4, .missing = 3};
    else
        return 0;
    return 1;
}

/* Takes a further byte; 0 if it is invalid (RFC 3629, section 4: UTF8-3 and UTF8-4 restrict the
 * second byte, which excludes overlong forms, surrogates and values past U+10FFFF). */
static int partial_continue(struct partial *partial, unsigned char byte)
{
    unsigned char low = 0x80, high = 0xbf;

    if (partial->missing + 1 == partial->expected) {
        if (partial->expected == 3 && partial->value == 0)
            low = 0xa0;
        else if (partial->expected == 3 && partial->value == 0xd)
            high = 0x9f;
        else if (partial->expected == 4 && partial->value == 0)
            low = 0x90;
        else if (partial->expected == 4 && partial->value == 4)
            high = 0x8f;
    }
    if (byte < low || byte > high)
        return 0;
    partial->value = partial->value << 6 | (byte & 0x3f);
    partial->missing--;
    return 1;
}

static __attribute__((noinline)) size_t decode_utf8(wchar_t *wide, const unsigned char *byte,
                                                    size_t size, struct partial *partial)
{
    size_t used = 0;

    if (!partial->expected && !partial_begin(partial, byte[used++]))
        goto invalid;
    for (; partial->missing; used++) {
        if (used == size)
            return INCOMPLETE;
        if (!partial_continue(partial, byte[used]))
            goto invalid;
    }
    if (wide)
        *wide = (wchar_t)partial->value;
    *partial = (struct partial){0};
    return used;

invalid:
    *partial = (struct partial){0};
    errno = EILSEQ;
    return INVALID;
}

/* A character of one byte: ASCII, or any byte in an encoding of bytes. */
static size_t decode_byte(wchar_t *wide, unsigned char byte)
{
    if (wide)
        *wide = byte < 0x80 ? byte : WIDE_OF_BYTE(byte);
    return byte != 0;
}

size_t __multibyte_decode(wchar_t *wide, const char *string, size_t size, mbstate_t *state,
                          int utf8)
{
    struct partial *partial = (struct partial *)state;
    const unsigned char *byte = (const unsigned char *)string;

    if (size == 0)
        return INCOMPLETE;
    if (!partial->expected && (byte[0] < 0x80 || !utf8))
        return decode_byte(wide, byte[0]);
    return decode_utf8(wide, byte, size, partial);
}

size_t mbrtowc(wchar_t *restrict wide, const char *restrict string, size_t size,
               mbstate_t *restrict state)
{
    static mbstate_t own_state;
    struct partial *partial = (struct partial *)(state ? state : &own_state);
    const unsigned char *byte = (const unsigned char *)string;

    if (!string)
        return partial->expected ? mbrtowc(NULL, "", 1, state) : 0;
    if (size == 0)
        return INCOMPLETE;
    if (LIKELY(!partial->expected)) {
        wchar_t whole;
        size_t used;

        if (byte[0] < 0x80 || !locale_utf8())
            return decode_byte(wide, byte[0]);
        used = utf8_decode(&whole, byte, size);
        if (LIKELY(used)) {
            if (wide)
                *wide = whole;
            return used;
        }
    }
    return decode_utf8(wide, byte, size, partial);
}

size_t mbrlen(const char *restrict string, size_t size, mbstate_t *restrict state)
{
    static mbstate_t own_state;

    return mbrtowc(NULL, string, size, state ? state : &own_state);
}

int mbsinit(const mbstate_t *state)
{
    return !state || !((const struct partial *)state)->expected;
}
