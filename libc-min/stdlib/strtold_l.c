/* Numbers are the same in every locale. */
#include <stdlib.h>

long double strtold_l(const char *restrict text, char **restrict end,
                      struct __locale_struct *locale)
{
    (void)locale;
    return strtold(text, end);
}
