/* The same functions for a given locale, which has no effect. */
#include "alias.h"
#include <wctype.h>

#undef iswdigit

/* POSIX's name, and the name that C++ libraries call which were built for other C libraries. */
#define FOR_LOCALE(result, name, ...)                                                              \
    result __##name##_l(__VA_ARGS__, locale_t locale);                                             \
    result __##name##_l(__VA_ARGS__, locale_t locale)                                              \
    {                                                                                              \
        (void)locale;                                                                              \
        return name(ARGUMENTS);                                                                    \
    }                                                                                              \
    WEAK_ALIAS(__##name##_l, name##_l)

#define ARGUMENTS wide
FOR_LOCALE(int, iswalnum, wint_t wide);
FOR_LOCALE(int, iswalpha, wint_t wide);
FOR_LOCALE(int, iswblank, wint_t wide);
FOR_LOCALE(int, iswcntrl, wint_t wide);
FOR_LOCALE(int, iswdigit, wint_t wide);
FOR_LOCALE(int, iswgraph, wint_t wide);
FOR_LOCALE(int, iswlower, wint_t wide);
FOR_LOCALE(int, iswprint, wint_t wide);
FOR_LOCALE(int, iswpunct, wint_t wide);
FOR_LOCALE(int, iswspace, wint_t wide);
FOR_LOCALE(int, iswupper, wint_t wide);
FOR_LOCALE(int, iswxdigit, wint_t wide);
FOR_LOCALE(wint_t, towlower, wint_t wide);
FOR_LOCALE(wint_t, towupper, wint_t wide);
#undef ARGUMENTS

#define ARGUMENTS wide, class
FOR_LOCALE(int, iswctype, wint_t wide, wctype_t class);
#undef ARGUMENTS

#define ARGUMENTS wide, mapping
FOR_LOCALE(wint_t, towctrans, wint_t wide, wctrans_t mapping);
#undef ARGUMENTS

#define ARGUMENTS name
FOR_LOCALE(wctype_t, wctype, const char *name);
FOR_LOCALE(wctrans_t, wctrans, const char *name);
