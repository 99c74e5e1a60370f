/* Comparison without regard to case, for ASCII letters in every locale. */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <strings.h>

static inline int lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

int strncasecmp(const char *a, const char *b, size_t most)
{
    for (size_t i = 0; i < most; i++) {
        int difference = lower((unsigned char)a[i]) - lower((unsigned char)b[i]);

        if (difference != 0 || !a[i])
            return difference;
    }
    return 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, SIZE_MAX);
}

int strcasecmp_l(const char *a, const char *b, locale_t locale)
{
    (void)locale;
    return strncasecmp(a, b, SIZE_MAX);
}

int strncasecmp_l(const char *a, const char *b, size_t most, locale_t locale)
{
    (void)locale;
    return strncasecmp(a, b, most);
}
