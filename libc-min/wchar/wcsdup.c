#include <stdlib.h>
#include <wchar.h>

wchar_t *wcsdup(const wchar_t *string)
{
    size_t size = wcslen(string) + 1;
    wchar_t *copy = malloc(size * sizeof *copy);

    return copy ? wmemcpy(copy, string, size) : NULL;
}
