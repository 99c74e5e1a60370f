/* asctime(3): ISO C 7.27.3.1's format. A year past 9999 is longer, and names out of range are
 * `???`. */
#include "calendar.h"
#include <errno.h>
#include <stdio.h>

const char *const __calendar_weekdays[7] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                            "Thursday", "Friday", "Saturday"};
const char *const __calendar_months[12] = {"January",   "February", "March",    "April",
                                           "May",       "June",     "July",     "August",
                                           "September", "October",  "November", "December"};

static const char *name(const char *const *names, int count, int which)
{
    return which >= 0 && which < count ? names[which] : "???";
}

char *__asctime(const struct tm *fields, char *to)
{
    snprintf(to, ASCTIME_SIZE, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld\n",
             name(__calendar_weekdays, 7, fields->tm_wday),
             name(__calendar_months, 12, fields->tm_mon), fields->tm_mday, fields->tm_hour,
             fields->tm_min, fields->tm_sec, 1900LL + fields->tm_year);
    return to;
}

char *asctime(const struct tm *fields)
{
    static char text[ASCTIME_SIZE];

    return __asctime(fields, text);
}

/* POSIX promises room for 26 bytes: for a longer text EOVERFLOW, and nothing is written. */
char *asctime_r(const struct tm *restrict fields, char *restrict to)
{
    char text[ASCTIME_SIZE];
    size_t length = 0;

    __asctime(fields, text);
    while (text[length])
        length++;
    if (length > 25) {
        errno = EOVERFLOW;
        return NULL;
    }
    for (size_t i = 0; i <= length; i++)
        to[i] = text[i];
    return to;
}
