#include "float_parse.h"
#include "integer_parse.h"
#include <stddef.h>

#define EXPONENT_MOST                                                                              \
    1000000000 /* saturated: no text is so long that its digits make up for it                     \
                */

/* Nonzero if the text begins with `word`, in upper or lower case; `word` itself is in lower case.
 */
static int word_match(const char *text, const char *word)
{
    for (; *word; text++, word++)
        if ((*text | 0x20) != *word)
            return 0;
    return 1;
}

/* inf, infinity, nan, nan(n-char-sequence) */
static const char *special_parse(const char *text, struct float_text *parsed)
{
    const char *end;

    if (word_match(text, "inf")) {
        parsed->kind = TEXT_INFINITY;
        return text + (word_match(text + 3, "inity") ? 8 : 3);
    }
    if (!word_match(text, "nan"))
        return text;
    parsed->kind = TEXT_NAN;
    text += 3;
    if (*text != '(')
        return text;
    for (end = text + 1; digit_value((unsigned char)*end) < 36 || *end == '_'; end++)
        ;
    return *end == ')' ? end + 1 : text;
}

/* e+5, p-3; the text itself if there are no digits. */
static const char *exponent_parse(const char *text, int64_t *exponent)
{
    const char *next = text + 1;
    int negative = 0;
    int64_t value = 0;

    if (*next == '-' || *next == '+')
        negative = *next++ == '-';
    if ((unsigned)*next - '0' >= 10)
        return text;
    for (; (unsigned)*next - '0' < 10; next++)
        if (value < EXPONENT_MOST)
            value = value * 10 + (*next - '0');
    *exponent += negative ? -value : value;
    return next;
}

static const char *hexadecimal_parse(const char *text, struct float_text *parsed)
{
    const char *next;
    int point = 0, any = 0;
    unsigned digit;

    for (next = text;; next++) {
        if (*next == '.' && !point) {
            point = 1;
            continue;
        }
        digit = digit_value((unsigned char)*next);
        if (digit >= 16)
            break;
        any = 1;
        parsed->significand |= digit;
        if (!(parsed->hexadecimal >> 124)) {
            parsed->hexadecimal = parsed->hexadecimal << 4 | digit;
            parsed->exponent -= 4 * point;
        } else {
            parsed->truncated |= digit != 0;
            parsed->exponent += 4 * !point;
        }
    }
    if (!any)
        return NULL;
    parsed->kind = TEXT_HEXADECIMAL;
    if ((*next | 0x20) == 'p')
        next = exponent_parse(next, &parsed->exponent);
    return next;
}

static const char *decimal_parse(const char *text, struct float_text *parsed)
{
    const char *next = text, *point = NULL, *digits, *end;
    uint64_t significand = 0;
    int64_t exponent = 0, written = 0;
    int any = 0, count = 0, truncated = 0;

    /* leading zeros count only as places after the point */
    for (;; next++) {
        if (*next == '0')
            any = 1, exponent -= point != NULL;
        else if (*next == '.' && !point)
            point = next;
        else
            break;
    }
    digits = next;
    for (;; next++) {
        unsigned digit = (unsigned)*next - '0';

        if (digit < 10) {
            if (count < 19) {
                significand = significand * 10 + digit;
                exponent -= point != NULL;
                count++;
            } else {
                truncated |= digit != 0;
                exponent += point == NULL;
            }
        } else if (*next == '.' && !point) {
            point = next;
        } else {
            break;
        }
    }
    end = next;
    if (!any && !count)
        return NULL;
    parsed->kind = TEXT_DECIMAL;
    if ((*next | 0x20) == 'e')
        next = exponent_parse(next, &written);
    parsed->significand = significand;
    parsed->truncated = truncated;
    parsed->exponent = exponent + written;
    parsed->leading = parsed->exponent + count - 1;
    parsed->digits = digits;
    parsed->digits_end = end;
    return next;
}

void __float_parse(const char *text, char **end, struct float_text *parsed)
{
    const char *next = text, *after;

    *parsed = (struct float_text){.kind = TEXT_NONE};
    while (is_space((unsigned char)*next))
        next++;
    if (*next == '-' || *next == '+')
        parsed->negative = *next++ == '-';
    if (*next == '0' && (next[1] | 0x20) == 'x' && (after = hexadecimal_parse(next + 2, parsed)))
        next = after;
    else if (((unsigned)*next - '0' < 10 || *next == '.') && (after = decimal_parse(next, parsed)))
        next = after;
    else
        next = special_parse(next, parsed);
    if (end)
        *end = (char *)(parsed->kind == TEXT_NONE ? text : next);
}
