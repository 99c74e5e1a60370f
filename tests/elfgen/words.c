/* words.c - see words.h. */
#include "words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* Reads what follows a backslash at *from, and moves *from past it. */
static char escape_read(struct place place, const char **from)
{
    static const char names[] = "nt0\\\"", values[] = "\n\t\0\\\"";
    const char *at = *from;
    const char *name = *at ? strchr(names, *at) : NULL;

    if (name) {
        *from = at + 1;
        return values[name - names];
    }
    if (*at == 'x' && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0) {
        *from = at + 3;
        return (char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
    }
    fail(place, "unknown escape in quotes (\"\\%c\")", *at);
}

size_t line_split(struct place place, char *line, struct word *words, size_t limit)
{
    const char *from = line;
    char *to = line; /* never passes `from`: a word gets shorter, or stays */
    size_t count = 0;

    for (;;) {
        bool quoted = false;

        while (isspace((unsigned char)*from))
            from++;
        if (*from == '\0' || *from == '#')
            return count;
        if (count == limit)
            fail(place, "more words than a line may have (%zu)", limit);
        words[count].text = to;
        while (*from && (quoted || !isspace((unsigned char)*from))) {
            char c = *from++;

            if (c == '"')
                quoted = !quoted;
            else
                *to++ = c == '\\' && quoted ? escape_read(place, &from) : c;
        }
        if (quoted) {
            *to = '\0';
            fail(place, "no closing quote (%s)", words[count].text);
        }
        words[count].length = (size_t)(to - words[count].text);
        count++;
        if (*from)
            from++; /* the blank, whose place the NUL may take */
        *to++ = '\0';
    }
}

bool word_divide(struct word word, struct word *value)
{
    char *equals = strchr(word.text, '=');

    if (!equals)
        return false;
    *equals = '\0';
    value->text = equals + 1;
    value->length = word.length - (size_t)(value->text - word.text);
    return true;
}

bool number_parse(const char *text, uint64_t *number)
{
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hex ? text + 2 : text;
    char *end;

    if (!isxdigit((unsigned char)*digits)) /* strtoull would take a sign, blanks, or nothing */
        return false;
    errno = 0;
    *number = strtoull(digits, &end, hex ? 16 : 10);
    return *end == '\0' && errno == 0;
}

uint64_t word_number(struct place place, const char *what, struct word word)
{
    uint64_t number;

    if (!number_parse(word.text, &number))
        fail(place, "%s is not a decimal or 0x number below 2^64 (%s)", what, word.text);
    return number;
}

void word_unhex(struct place place, struct word *word)
{
    for (size_t i = 0; i < word->length; i += 2) {
        int high = hex_digit(word->text[i]);
        int low = i + 1 < word->length ? hex_digit(word->text[i + 1]) : -1;

        if (high < 0 || low < 0)
            fail(place, "bytes are not pairs of hexadecimal digits (%s)", word->text + i);
        word->text[i / 2] = (char)(high * 16 + low);
    }
    word->length /= 2;
}
