/* Order of version numbers, strverscmp(3): digits compare as numbers; digits that begin with a zero
 * compare as decimal fractions: 000 < 00 < 01 < 010 < 09 < 0 < 1 < 9 < 10. */
#include <string.h>

static int is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

int strverscmp(const char *left, const char *right)
{
    const unsigned char *a = (const unsigned char *)left, *b = (const unsigned char *)right;
    size_t at = 0, run, digits;
    int difference;

    while (a[at] == b[at] && a[at])
        at++;
    difference = a[at] - b[at];
    if (difference == 0)
        return 0;

    /* The digits before the difference, which both strings have. */
    for (run = at; run > 0 && is_digit(a[run - 1]); run--)
        ;
    if (run == at) {
        if (!is_digit(a[at]) || !is_digit(b[at]) || a[at] == '0' || b[at] == '0')
            return difference;
    } else if (a[run] == '0') {
        /* Fractions. Among zeros only, the longer one is the lesser one. */
        while (run < at && a[run] == '0')
            run++;
        if (run == at && is_digit(a[at]) != is_digit(b[at]))
            return is_digit(a[at]) ? -1 : 1;
        return difference;
    }

    /* Numbers: the longer one is the greater one. */
    for (digits = at; is_digit(a[digits]) && is_digit(b[digits]); digits++)
        ;
    if (is_digit(a[digits]) != is_digit(b[digits]))
        return is_digit(a[digits]) ? 1 : -1;
    return difference;
}
