/* The Gregorian calendar, extended both ways, in 64 bits; and the zones that local time is told in.
 */
#ifndef LIBC_TIME_CALENDAR_H
#define LIBC_TIME_CALENDAR_H

#include "alias.h"
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { DAY = 86400 }; /* seconds */

/* Seconds from 1970-01-01 00:00 that lie before and after every time whose tm_year is an int, in
 * whatever zone: what is between them can be added to any offset without overflow. */
#define CALENDAR_FIRST (-INT64_C(67768040609900000))
#define CALENDAR_LAST  INT64_C(67768036192000000)

/* Days from 1970-01-01 to the first of the month; `month` counts from January, 0, and may be any.
 */
HIDDEN int64_t __calendar_days(int64_t year, int64_t month);

/* Seconds since 1970-01-01 of the fields, whatever their values: tm_wday and tm_yday are not read.
 */
HIDDEN int64_t __calendar_join(const struct tm *fields);

/* The opposite, of the first eight fields. 0, or EOVERFLOW if the year is no int. */
HIDDEN int __calendar_split(int64_t seconds, struct tm *to);

static inline int calendar_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

extern HIDDEN const char __calendar_utc[]; /* "UTC" */

/* asctime_r()'s text, with room for any fields: 26 bytes if they are of a date before 10000. */
enum { ASCTIME_SIZE = 80 };
HIDDEN char *__asctime(const struct tm *fields, char *to);

extern HIDDEN const char *const __calendar_weekdays[7], *const __calendar_months[12];

HIDDEN struct tm *__gmtime_r(const time_t *restrict seconds, struct tm *restrict to);
HIDDEN struct tm *__localtime_r(const time_t *restrict seconds, struct tm *restrict to);

#endif
