#include <string.h>

char *strsep(char **string, const char *separators)
{
    char *field = *string, *end;

    if (!field)
        return NULL;
    end = field + strcspn(field, separators);
    *string = *end ? end + 1 : NULL;
    *end = 0;
    return field;
}
