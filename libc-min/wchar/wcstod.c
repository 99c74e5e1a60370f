#include "wide_number.h"
#include <stdlib.h>

double wcstod(const wchar_t *restrict text, wchar_t **restrict end)
{
    struct wide_number number;
    char *narrow_end;
    double value;

    __wide_number_begin(&number, text);
    value = strtod(number.bytes, &narrow_end);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

float wcstof(const wchar_t *restrict text, wchar_t **restrict end)
{
    struct wide_number number;
    char *narrow_end;
    float value;

    __wide_number_begin(&number, text);
    value = strtof(number.bytes, &narrow_end);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

long double wcstold(const wchar_t *restrict text, wchar_t **restrict end)
{
    struct wide_number number;
    char *narrow_end;
    long double value;

    __wide_number_begin(&number, text);
    value = strtold(number.bytes, &narrow_end);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}
