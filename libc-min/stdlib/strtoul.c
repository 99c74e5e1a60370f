#include "integer_parse.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* A minus sign negates in the type of the result; only a magnitude that is too great is out of
 * range. */
static uint64_t integer_unsigned(const char *text, char **end, int base)
{
    uint64_t magnitude;
    int negative;

    if (__integer_parse(text, end, base, &magnitude, &negative)) {
        errno = ERANGE;
        return UINT64_MAX;
    }
    return negative ? 0 - magnitude : magnitude;
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base)
{
    return integer_unsigned(text, end, base);
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base)
{
    return integer_unsigned(text, end, base);
}

uintmax_t strtoumax(const char *restrict text, char **restrict end, int base)
{
    return integer_unsigned(text, end, base);
}

WEAK_ALIAS(strtoul, __strtoul_internal);
WEAK_ALIAS(strtoull, __strtoull_internal);
WEAK_ALIAS(strtoumax, __strtoumax_internal);
