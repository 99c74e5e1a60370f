/* <locale.h>. In "C" and "POSIX", characters are bytes; under every other name, they are UTF-8. A
 * name is kept and returned, as in musl, and has no other effect: numbers, money, dates and sorting
 * are those of the C locale.
 *
 * Each combination of names is allocated once, and never freed. A list of all of them grows by
 * compare-and-exchange. So a fork cannot find a lock held, and the pointers of threads and of
 * callers of setlocale() stay valid. */
#include "locale_struct.h"
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

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

/* -------------------------------------------------------------------------------------------- */
/* Locales */

/* The meaning of a name that selects no particular locale, and musl's choice for an unreadable
 * name. */
static struct __locale_struct utf8_locale = {
    .utf8 = 1,
    .names = {"C.UTF-8", "C", "C", "C", "C", "C"},
    .all = "C.UTF-8;C;C;C;C;C",
    .next = &__locale_c,
};

static struct __locale_struct *locales = &utf8_locale;

/* The environment's choice: setlocale(3), "". */
static const char *environment_name(int category)
{
    static const char *const variables[] = {"LC_CTYPE",   "LC_NUMERIC",  "LC_TIME",
                                            "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES"};
    const char *name = getenv("LC_ALL");

    if (!name || !*name)
        name = getenv(variables[category]);
    if (!name || !*name)
        name = getenv("LANG");
    return name && *name ? name : "C.UTF-8";
}

static int name_is(const char *name, size_t size, const char *other)
{
    return strlen(other) == size && memcmp(name, other, size) == 0;
}

/* Sets one category to a name of `size` bytes; an empty name selects the environment's. A name that
 * cannot be a file's becomes "C.UTF-8", and "C.UTF-8" becomes "C" in categories other than
 * LC_CTYPE: musl's rules, as seen from its setlocale(). */
static void name_set(struct __locale_struct *locale, int category, const char *name, size_t size)
{
    if (!size) {
        name = environment_name(category);
        size = strlen(name);
    }
    if (size >= LOCALE_NAME_SIZE || *name == '.' || memchr(name, '/', size)) {
        name = "C.UTF-8";
        size = strlen(name);
    }
    if (name_is(name, size, "POSIX") || (category != LC_CTYPE && name_is(name, size, "C.UTF-8"))) {
        name = "C";
        size = 1;
    }
    memset(locale->names[category], 0, LOCALE_NAME_SIZE);
    memcpy(locale->names[category], name, size);
}

/* Makes the name that setlocale(LC_ALL, NULL) returns and setlocale(LC_ALL, ...) accepts. */
static void all_make(struct __locale_struct *locale)
{
    char *to = locale->all;
    int category = LC_ALL, last = 1;

    while (last < LC_ALL && strcmp(locale->names[last], locale->names[0]) == 0)
        last++;
    if (last == LC_ALL) {
        strcpy(to, locale->names[0]);
        return;
    }
    for (category = 0; category < LC_ALL; category++) {
        size_t size = strlen(locale->names[category]);

        memcpy(to, locale->names[category], size);
        to += size;
        *to++ = ';';
    }
    to[-1] = 0;
}

/* Returns the locale with the same names, or adds a new one; NULL with ENOMEM. */
static struct __locale_struct *locale_keep(const struct __locale_struct *wanted)
{
    struct __locale_struct *first = __atomic_load_n(&locales, __ATOMIC_ACQUIRE), *locale;

    for (locale = first; locale; locale = locale->next)
        if (memcmp(locale->names, wanted->names, sizeof wanted->names) == 0)
            return locale;
    locale = malloc(sizeof *locale);
    if (!locale)
        return NULL;
    *locale = *wanted;
    locale->utf8 = strcmp(locale->names[LC_CTYPE], "C") != 0;
    all_make(locale);
    do /* another thread may add the same names, which does no harm */
        locale->next = first;
    while (!__atomic_compare_exchange_n(&locales, &first, locale, 0, __ATOMIC_RELEASE,
                                        __ATOMIC_ACQUIRE));
    return locale;
}

/* Sets LC_ALL: one name for all categories, or several between semicolons. The last name is used
 * for the remaining categories. A name that is too long is replaced by the one before it (musl). */
static void names_set(struct __locale_struct *locale, const char *name)
{
    const char *part = "C.UTF-8";
    size_t part_size = strlen(part), size;

    for (int category = 0; category < LC_ALL; category++) {
        size = strcspn(name, ";");
        if (size < LOCALE_NAME_SIZE) {
            part = name;
            part_size = size;
            if (name[size])
                name += size + 1;
        }
        name_set(locale, category, part, part_size);
    }
}

char *setlocale(int category, const char *name)
{
    struct __locale_struct wanted, *kept, *now;

    if (category < 0 || category > LC_ALL)
        return NULL;
    now = __atomic_load_n(&__locale_global, __ATOMIC_ACQUIRE);
    if (name) {
        do {
            wanted = *now;
            if (category == LC_ALL)
                names_set(&wanted, name);
            else
                name_set(&wanted, category, name, strlen(name));
            kept = locale_keep(&wanted);
            if (!kept)
                return NULL;
        } while (!__atomic_compare_exchange_n(&__locale_global, &now, kept, 0, __ATOMIC_RELEASE,
                                              __ATOMIC_ACQUIRE));
        now = kept;
    }
    return category == LC_ALL ? now->all : now->names[category];
}

/* `base` stays unchanged, because other code may use it. Without `base`, categories outside the
 * mask are the environment's (musl; glibc's are "C"). */
locale_t newlocale(int mask, const char *name, locale_t base)
{
    struct __locale_struct wanted = {0};

    if (!name) {
        errno = EINVAL;
        return 0;
    }
    if (base)
        wanted = *duplocale(base);
    for (int category = 0; category < LC_ALL; category++) {
        if (mask & 1 << category)
            name_set(&wanted, category, name, strlen(name));
        else if (!base)
            name_set(&wanted, category, "", 0);
    }
    return locale_keep(&wanted);
}

locale_t duplocale(locale_t locale)
{
    if (locale == LC_GLOBAL_LOCALE)
        return __atomic_load_n(&__locale_global, __ATOMIC_ACQUIRE);
    return locale;
}

void freelocale(locale_t locale)
{
    (void)locale;
}

locale_t uselocale(locale_t locale)
{
    struct __pthread *self = thread_self();
    locale_t old = self->locale ? self->locale : LC_GLOBAL_LOCALE;

    if (locale)
        self->locale = locale == LC_GLOBAL_LOCALE ? NULL : locale;
    return old;
}

/* -------------------------------------------------------------------------------------------- */
/* <langinfo.h> */

static const char *item_text(nl_item item, const struct __locale_struct *locale)
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
        return locale->utf8 ? "UTF-8" : "ASCII";
    if ((item & 0xffff) == 0xffff) /* _NL_LOCALE_NAME(category) */
        return (unsigned)item >> 16 < LC_ALL ? locale->names[item >> 16] : "";
    if (item >= ABDAY_1 && (size_t)(item - ABDAY_1) < sizeof time_texts / sizeof time_texts[0])
        return time_texts[item - ABDAY_1];
    switch (item) {
    case RADIXCHAR:
        return ".";
    case YESSTR:
        return "yes";
    case NOSTR:
        return "no";
    case YESEXPR:
        return "^[yY]";
    case NOEXPR:
        return "^[nN]";
    case CRNCYSTR:
        return "-";
    default:
        return "";
    }
}

char *nl_langinfo(nl_item item)
{
    return (char *)item_text(item, locale_current());
}

char *nl_langinfo_l(nl_item item, locale_t locale)
{
    return (char *)item_text(item, duplocale(locale));
}

/* Names that C++ libraries call which were built for other C libraries. */
ALIAS(newlocale, __newlocale);
ALIAS(duplocale, __duplocale);
ALIAS(freelocale, __freelocale);
ALIAS(uselocale, __uselocale);
ALIAS(nl_langinfo, __nl_langinfo);
ALIAS(nl_langinfo_l, __nl_langinfo_l);
