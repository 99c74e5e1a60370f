/* Characters that may go to a terminal. Names come from files and command lines, and are bytes. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* The bytes of the UTF-8 character at `text` (RFC 3629); 0: no character, or the end. */
static inline size_t utf8_length(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80)
        return first != '\0';
    size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    unsigned char second = length == 0 ? 0 : (unsigned char)text[1];
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
        (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
        return 0; /* an overlong form, a surrogate, past the last character */
    for (size_t i = 1; i < length; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

/* The number of a control character (C0, DEL, C1: ISO 6429), which a terminal may take as a
 * command; -1: the character, which has to be UTF-8, is no control character. */
static inline int utf8_control(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x20 || first == 0x7f)
        return first;
    return first == 0xc2 && (unsigned char)text[1] < 0xa0 ? (unsigned char)text[1] : -1;
}

/* The bytes of the character at `text` if it may be shown as it is; 0: each of its bytes must be
 * replaced. A byte from 0x80 to 0x9f is a control character on a terminal that does not use UTF-8.
 */
static inline size_t utf8_shown(const char *text)
{
    size_t length = utf8_length(text);
    return length > 0 && utf8_control(text) < 0 ? length : 0;
}

#endif
