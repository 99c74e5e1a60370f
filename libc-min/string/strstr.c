#include "internal.h"
#include <string.h>

char *strstr(const char *string, const char *needle)
{
    if (!needle[0])
        return (char *)string;
    string = strchr(string, needle[0]);
    if (!string || !needle[1])
        return (char *)string;
    return __search(string, 1, 1, needle, strlen(needle));
}
