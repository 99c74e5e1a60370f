/* The same functions for a given locale, which has no effect. */
#include "alias.h"
#include <ctype.h>

/* POSIX's name, and the name that C++ libraries call which were built for other C libraries. */
#define FOR_LOCALE(name)                                                                           \
    int __##name##_l(int c, locale_t locale);                                                      \
    int __##name##_l(int c, locale_t locale)                                                       \
    {                                                                                              \
        (void)locale;                                                                              \
        return (name)(c);                                                                          \
    }                                                                                              \
    WEAK_ALIAS(__##name##_l, name##_l)

FOR_LOCALE(isalnum);
FOR_LOCALE(isalpha);
FOR_LOCALE(isblank);
FOR_LOCALE(iscntrl);
FOR_LOCALE(isdigit);
FOR_LOCALE(isgraph);
FOR_LOCALE(islower);
FOR_LOCALE(isprint);
FOR_LOCALE(ispunct);
FOR_LOCALE(isspace);
FOR_LOCALE(isupper);
FOR_LOCALE(isxdigit);
FOR_LOCALE(tolower);
FOR_LOCALE(toupper);
