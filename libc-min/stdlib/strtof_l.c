/* There is one locale that numbers are written in. */
#include <stdlib.h>

float strtof_l(const char *restrict text, char **restrict end, struct __locale_struct *locale)
{
    (void)locale;
    return strtof(text, end);
}
