/* Numbers are the same in every locale. */
#include <stdlib.h>

double strtod_l(const char *restrict text, char **restrict end, struct __locale_struct *locale)
{
    (void)locale;
    return strtod(text, end);
}
