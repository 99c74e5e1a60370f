/* Arrays of wide characters; sizes count wide characters. */
#include <string.h>
#include <wchar.h>

wchar_t *wmemcpy(wchar_t *restrict to, const wchar_t *restrict from, size_t count)
{
    return memcpy(to, from, count * sizeof *to);
}

wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count)
{
    return memmove(to, from, count * sizeof *to);
}

wchar_t *wmemset(wchar_t *to, wchar_t wide, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = wide;
    return to;
}

int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

wchar_t *wmemchr(const wchar_t *memory, wchar_t wide, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memory[i] == wide)
            return (wchar_t *)memory + i;
    return NULL;
}
