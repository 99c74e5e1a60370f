/* Classes of wide characters by name, and by the number that wctype() returns. */
#include "alias.h"
#include <string.h>
#include <wctype.h>

static const char names[][8] = {"alnum", "alpha", "blank", "cntrl", "digit", "graph",
                                "lower", "print", "punct", "space", "upper", "xdigit"};

wctype_t wctype(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return i + 1;
    return 0;
}

int iswctype(wint_t wide, wctype_t class)
{
    switch (class) {
    case 1:
        return iswalnum(wide);
    case 2:
        return iswalpha(wide);
    case 3:
        return iswblank(wide);
    case 4:
        return iswcntrl(wide);
    case 5:
        return (iswdigit)(wide);
    case 6:
        return iswgraph(wide);
    case 7:
        return iswlower(wide);
    case 8:
        return iswprint(wide);
    case 9:
        return iswpunct(wide);
    case 10:
        return iswspace(wide);
    case 11:
        return iswupper(wide);
    case 12:
        return iswxdigit(wide);
    default:
        return 0;
    }
}

/* musl's numbers, returned as pointers. */
wctrans_t wctrans(const char *name)
{
    if (strcmp(name, "toupper") == 0)
        return (wctrans_t)1;
    return strcmp(name, "tolower") == 0 ? (wctrans_t)2 : NULL;
}

wint_t towctrans(wint_t wide, wctrans_t mapping)
{
    if (mapping == (wctrans_t)1)
        return towupper(wide);
    return mapping == (wctrans_t)2 ? towlower(wide) : wide;
}
