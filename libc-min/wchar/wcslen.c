#include <wchar.h>

size_t wcslen(const wchar_t *string)
{
    size_t length = 0;

    while (string[length])
        length++;
    return length;
}

size_t wcsnlen(const wchar_t *string, size_t most)
{
    size_t length = 0;

    while (length < most && string[length])
        length++;
    return length;
}
