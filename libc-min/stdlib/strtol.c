#include "integer_parse.h"
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(intmax_t), "LP64");

long strtol(const char *restrict text, char **restrict end, int base)
{
    return __integer_signed(text, end, base, LONG_MIN, LONG_MAX);
}

long long strtoll(const char *restrict text, char **restrict end, int base)
{
    return __integer_signed(text, end, base, LLONG_MIN, LLONG_MAX);
}

intmax_t strtoimax(const char *restrict text, char **restrict end, int base)
{
    return __integer_signed(text, end, base, INTMAX_MIN, INTMAX_MAX);
}

WEAK_ALIAS(strtol, __strtol_internal);
WEAK_ALIAS(strtoll, __strtoll_internal);
WEAK_ALIAS(strtoimax, __strtoimax_internal);
