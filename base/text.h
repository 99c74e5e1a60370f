/* Text without a libc: formatting, names made safe for a terminal, JSON strings, numbers. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A subset of printf(3): %s with a precision (%.4s, %.*s), %c, %d %u %x %o with l or z, %#x, a
 * width of zeroes (%02x), and %%. Cuts the text at `room` bytes, always ends it with NUL, and
 * returns the length of what is there. */
__attribute__((format(printf, 3, 4))) size_t text_format(char *to, size_t room, const char *format,
                                                         ...);
__attribute__((format(printf, 3, 0))) size_t text_vformat(char *to, size_t room, const char *format,
                                                          va_list list);

/* As text_vformat(), with each %s cut to `longest` bytes, the last three of them "...". */
__attribute__((format(printf, 4, 0))) size_t
text_vformat_brief(char *to, size_t room, size_t longest, const char *format, va_list list);

/* Writes two texts, one behind the other: for paths, of which a part would name another file.
 * false: they do not fit, and `to` is empty. `first` may be what `to` holds already. */
bool text_join(char *to, size_t room, const char *first, const char *then);

/* Names come from files and command lines. Every byte that would break a line, move a terminal's
 * cursor or is not UTF-8 becomes '?', in place. Returns `text`. */
char *text_printable(char *text);

enum { TEXT_BRIEF = 256 };

/* Returns a name for a message: the name itself, or its beginning and "..." in `to`. */
const char *text_brief(char to[TEXT_BRIEF], const char *name);

/* Is `word` in a list whose words are separated by any byte of `separators`? */
bool text_list_has(const char *list, const char *separators, const char *word);

/* Writes `value` in decimal, without a NUL. Returns the end. `to`: 20 bytes. */
char *text_decimal(char *to, uint64_t value);

/* Reads decimal digits after blanks, and moves *text past them. No digits: 0. */
uint64_t text_parse_decimal(const char **text);

/* The most bytes that one byte of a text may take in a JSON string. */
enum { TEXT_JSON_MOST = 6 };

/* Writes `text` as a JSON string (RFC 8259, "Strings") with its quotes and a NUL. Each byte that is
 * not UTF-8 becomes U+FFFD; control characters are escaped, those above U+007F too, because a
 * terminal may act on them. A character for which there is no room is left out, and all after it.
 * Returns the length. `room`: 3 bytes at least. */
size_t text_json(char *to, size_t room, const char *text);

/* Writes the next character of *text as text_json() does, without a NUL, and moves *text past it.
 * Returns the length, TEXT_JSON_MOST at most. */
size_t text_json_character(char to[TEXT_JSON_MOST], const char **text);

#endif
