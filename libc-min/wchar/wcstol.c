#include "wide_number.h"
#include <inttypes.h>
#include <stdlib.h>

long wcstol(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    long value;

    __wide_number_begin(&number, text);
    value = strtol(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

long long wcstoll(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    long long value;

    __wide_number_begin(&number, text);
    value = strtoll(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

unsigned long wcstoul(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    unsigned long value;

    __wide_number_begin(&number, text);
    value = strtoul(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

unsigned long long wcstoull(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    unsigned long long value;

    __wide_number_begin(&number, text);
    value = strtoull(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

intmax_t wcstoimax(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    intmax_t value;

    __wide_number_begin(&number, text);
    value = strtoimax(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}

uintmax_t wcstoumax(const wchar_t *restrict text, wchar_t **restrict end, int base)
{
    struct wide_number number;
    char *narrow_end;
    uintmax_t value;

    __wide_number_begin(&number, text);
    value = strtoumax(number.bytes, &narrow_end, base);
    __wide_number_end(&number, text, narrow_end, end);
    return value;
}
