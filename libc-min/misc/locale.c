/* <locale.h>: "C" and "POSIX", in which characters are bytes, and "C.UTF-8", which any other name
 * means, as in musl. Numbers, money and sorting are the same in both. */
#include "alias.h"
#include "thread.h"
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

/* multibyte/: whether characters are UTF-8. */
extern HIDDEN int __multibyte_utf8;

static const struct lconv conventions = {
    .decimal_point = (char *)".",
    .thousands_sep = (char *)"",
    .grouping = (char *)"",
    .int_curr_symbol = (char *)"",
    .currency_symbol = (char *)"",
    .mon_decimal_point = (char *)"",
    .mon_thousands_sep = (char *)"",
    .mon_grouping = (char *)"",
    .positive_sign = (char *)"",
    .negative_sign = (char *)"",
    .int_frac_digits = CHAR_MAX,
    .frac_digits = CHAR_MAX,
    .p_cs_precedes = CHAR_MAX,
    .p_sep_by_space = CHAR_MAX,
    .n_cs_precedes = CHAR_MAX,
    .n_sep_by_space = CHAR_MAX,
    .p_sign_posn = CHAR_MAX,
    .n_sign_posn = CHAR_MAX,
    .int_p_cs_precedes = CHAR_MAX,
    .int_p_sep_by_space = CHAR_MAX,
    .int_n_cs_precedes = CHAR_MAX,
    .int_n_sep_by_space = CHAR_MAX,
    .int_p_sign_posn = CHAR_MAX,
    .int_n_sign_posn = CHAR_MAX,
};

struct lconv *localeconv(void)
{
    return (struct lconv *)&conventions;
}

/* What the environment asks for: setlocale(3), "". */
static const char *environment_name(int category)
{
    static const char *const names[] = {"LC_CTYPE",   "LC_NUMERIC",  "LC_TIME",
                                        "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES"};
    const char *name = getenv("LC_ALL");

    if (!name || !*name)
        name = getenv(names[category == LC_ALL ? LC_CTYPE : category]);
    if (!name || !*name)
        name = getenv("LANG");
    return name && *name ? name : "C.UTF-8";
}

static int name_is_c(const char *name)
{
    return strcmp(name, "C") == 0 || strcmp(name, "POSIX") == 0;
}

char *setlocale(int category, const char *name)
{
    if (category < 0 || category > LC_ALL)
        return NULL;
    if (name && (category == LC_CTYPE || category == LC_ALL)) {
        if (!*name)
            name = environment_name(category);
        __multibyte_utf8 = !name_is_c(name);
    }
    return (char *)((category == LC_CTYPE || category == LC_ALL) && __multibyte_utf8 ? "C.UTF-8"
                                                                                     : "C");
}

/* A locale_t is one of two tokens. */
static char c_locale, utf8_locale;

locale_t newlocale(int mask, const char *name, locale_t base)
{
    if (!name) {
        errno = EINVAL;
        return 0;
    }
    if (!(mask & LC_CTYPE_MASK))
        return base ? base : (locale_t)&c_locale;
    if (!*name)
        name = environment_name(LC_CTYPE);
    return (locale_t)(name_is_c(name) ? &c_locale : &utf8_locale);
}

locale_t duplocale(locale_t locale)
{
    return locale;
}

void freelocale(locale_t locale)
{
    (void)locale;
}

/* The thread's own; LC_GLOBAL_LOCALE is the process's. Characters are the process's in either case.
 */
locale_t uselocale(locale_t locale)
{
    struct __pthread *self = thread_self();
    locale_t old = self->locale ? (locale_t)self->locale : LC_GLOBAL_LOCALE;

    if (locale)
        self->locale = locale;
    return old;
}

char *nl_langinfo(nl_item item)
{
    static const char *const time_texts[] = {"Sun",
                                             "Mon",
                                             "Tue",
                                             "Wed",
                                             "Thu",
                                             "Fri",
                                             "Sat",
                                             "Sunday",
                                             "Monday",
                                             "Tuesday",
                                             "Wednesday",
                                             "Thursday",
                                             "Friday",
                                             "Saturday",
                                             "Jan",
                                             "Feb",
                                             "Mar",
                                             "Apr",
                                             "May",
                                             "Jun",
                                             "Jul",
                                             "Aug",
                                             "Sep",
                                             "Oct",
                                             "Nov",
                                             "Dec",
                                             "January",
                                             "February",
                                             "March",
                                             "April",
                                             "May",
                                             "June",
                                             "July",
                                             "August",
                                             "September",
                                             "October",
                                             "November",
                                             "December",
                                             "AM",
                                             "PM",
                                             "%a %b %e %T %Y",
                                             "%m/%d/%y",
                                             "%H:%M:%S",
                                             "%I:%M:%S %p",
                                             "",
                                             "",
                                             "%m/%d/%y",
                                             "0123456789",
                                             "%a %b %e %T %Y",
                                             "%H:%M:%S"};

    if (item == CODESET)
        return (char *)(__multibyte_utf8 ? "UTF-8" : "ASCII");
    if (item >= ABDAY_1 && (size_t)(item - ABDAY_1) < sizeof time_texts / sizeof time_texts[0])
        return (char *)time_texts[item - ABDAY_1];
    switch (item) {
    case RADIXCHAR:
        return (char *)".";
    case YESEXPR:
        return (char *)"^[yY]";
    case NOEXPR:
        return (char *)"^[nN]";
    case CRNCYSTR:
        return (char *)"-";
    default:
        return (char *)"";
    }
}

char *nl_langinfo_l(nl_item item, locale_t locale)
{
    (void)locale;
    return nl_langinfo(item);
}
