#include "calendar.h"
#include <errno.h>
#include <limits.h>

const char __calendar_utc[] = "UTC";

static int64_t floor_divide(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* The year begins in March here, so that the leap day is its last day. Then the days before a month
 * are a linear function of the month, rounded (Richards, "Mapping Time", 1998, ch. 25). An era is
 * 400 years, 146097 days; 719468 days lie between 0000-03-01 and 1970-01-01. */
int64_t __calendar_days(int64_t year, int64_t month)
{
    int64_t months = year * 12 + month - 2; /* from March of the year 0 */
    int64_t march_year = floor_divide(months, 12), march_month = months - march_year * 12;
    int64_t era = floor_divide(march_year, 400), of_era = march_year - era * 400;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (march_month * 153 + 2) / 5 -
           719468;
}

int64_t __calendar_join(const struct tm *fields)
{
    int64_t days = __calendar_days((int64_t)fields->tm_year + 1900, fields->tm_mon);

    return (days + fields->tm_mday - 1) * DAY + (int64_t)fields->tm_hour * 3600 +
           (int64_t)fields->tm_min * 60 + fields->tm_sec;
}

int __calendar_split(int64_t seconds, struct tm *to)
{
    int64_t day, era, of_era, year_of_era, of_year, month, year;
    int second;

    if (seconds < CALENDAR_FIRST || seconds > CALENDAR_LAST)
        return EOVERFLOW;
    day = floor_divide(seconds, DAY);
    second = (int)(seconds - day * DAY);
    era = floor_divide(day + 719468, 146097);
    of_era = day + 719468 - era * 146097;
    /* without the leap days of the era before the day, all years have 365 days */
    year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (year_of_era * 365 + year_of_era / 4 - year_of_era / 100); /* from March */
    month = (of_year * 5 + 2) / 153;
    year = era * 400 + year_of_era + (month >= 10) - 1900;
    if (year < INT_MIN || year > INT_MAX)
        return EOVERFLOW;
    to->tm_year = (int)year;
    to->tm_mon = (int)(month >= 10 ? month - 10 : month + 2);
    to->tm_mday = (int)(of_year - (month * 153 + 2) / 5 + 1);
    to->tm_yday = (int)(month >= 10 ? of_year - 306 : of_year + 59 + calendar_leap(year + 1900));
    to->tm_wday = (int)(day + 4 - floor_divide(day + 4, 7) * 7); /* 1970-01-01 was a Thursday */
    to->tm_hour = second / 3600;
    to->tm_min = second / 60 % 60;
    to->tm_sec = second % 60;
    return 0;
}

struct tm *__gmtime_r(const time_t *restrict seconds, struct tm *restrict to)
{
    int error = __calendar_split(*seconds, to);

    if (error) {
        errno = error;
        return NULL;
    }
    to->tm_isdst = 0;
    to->tm_gmtoff = 0;
    to->tm_zone = __calendar_utc;
    return to;
}
WEAK_ALIAS(__gmtime_r, gmtime_r);

/* ISO C 7.27.3: gmtime() and localtime() may share one object; here each has its own. */
struct tm *gmtime(const time_t *seconds)
{
    static struct tm fields;

    return __gmtime_r(seconds, &fields);
}

time_t timegm(struct tm *fields)
{
    time_t seconds = __calendar_join(fields);

    return __gmtime_r(&seconds, fields) ? seconds : -1;
}
