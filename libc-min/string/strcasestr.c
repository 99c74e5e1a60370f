#include <string.h>
#include <strings.h>

char *strcasestr(const char *string, const char *needle)
{
    size_t size = strlen(needle);

    for (;; string++) {
        if (strncasecmp(string, needle, size) == 0)
            return (char *)string;
        if (!*string)
            return NULL;
    }
}
