/* ecvt(), fcvt(), gcvt(): digits without a point, in an array that the next call overwrites. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 17 /* more do not distinguish doubles: further digits are cut, as in musl */

char *ecvt(double value, int count, int *point, int *negative)
{
    static char digits[DIGITS + 1];
    char text[DIGITS + 16], *exponent, *next = text;
    size_t size = 0;

    if (count < 1)
        count = 1;
    if (count > DIGITS)
        count = DIGITS;
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    *negative = *next == '-';
    next += *next == '-';
    exponent = strchr(next, 'e');
    if (!exponent) { /* inf, nan */
        *point = 0;
        return strcpy(digits, next);
    }
    for (; next < exponent; next++)
        if (*next != '.')
            digits[size++] = *next;
    digits[size] = 0;
    *point = value == 0 ? 0 : atoi(exponent + 1) + 1;
    return digits;
}

char *fcvt(double value, int count, int *point, int *negative)
{
    static char digits[1600];
    char text[sizeof digits], *next = text, *dot;
    size_t size = 0;

    if (count < 0)
        count = 0;
    if (count > 1200)
        count = 1200;
    snprintf(text, sizeof text, "%.*f", count, value);
    *negative = *next == '-';
    next += *next == '-';
    if (*next > '9') { /* inf, nan */
        *point = 0;
        return strcpy(digits, next);
    }
    dot = next + strcspn(next, ".");
    *point = (int)(dot - next);
    if (*next == '0') { /* less than 1: leading zeros move the point */
        next = dot + (*dot == '.');
        for (*point = 0; *next == '0'; next++)
            --*point;
        if (!*next) /* rounds to zero: all places are stored */
            next = dot + (*dot == '.');
    }
    for (; *next; next++)
        if (*next != '.')
            digits[size++] = *next;
    digits[size] = 0;
    return digits;
}

char *gcvt(double value, int count, char *text)
{
    sprintf(text, "%.*g", count, value);
    return text;
}
