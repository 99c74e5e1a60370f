/* The Gregorian calendar, extended both ways, in 64 bits; and time zones. */
#ifndef LIBC_TIME_CALENDAR_H
#define LIBC_TIME_CALENDAR_H

#include "alias.h"
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { DAY = 86400 }; /* seconds */

/* Limits in seconds from 1970-01-01 00:00. Every time whose tm_year is an int lies between them, in
 * every zone, and any offset can be added to them without overflow. */
#define CALENDAR_FIRST (-INT64_C(67768040609900000))
#define CALENDAR_LAST  INT64_C(67768036192000000)

/* Days from 1970-01-01 to the first of the month; `month` counts from 0 (January), and may have any
 * value. */
HIDDEN int64_t __calendar_days(int64_t year, int64_t month);

/* Seconds from 1970-01-01 to the time in the fields, which may have any values; tm_wday and tm_yday
 * are not read. */
HIDDEN int64_t __calendar_join(const struct tm *fields);

/* The inverse: sets the first eight fields. 0, or EOVERFLOW if the year is no int. */
HIDDEN int __calendar_split(int64_t seconds, struct tm *to);

static inline int calendar_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

extern HIDDEN const char __calendar_utc[]; /* "UTC" */

/* Room for asctime_r()'s text of any fields; a date before 10000 needs 26 bytes. */
enum { ASCTIME_SIZE = 80 };
HIDDEN char *__asctime(const struct tm *fields, char *to);

extern HIDDEN const char *const __calendar_weekdays[7], *const __calendar_months[12];

HIDDEN struct tm *__gmtime_r(const time_t *restrict seconds, struct tm *restrict to);
HIDDEN struct tm *__localtime_r(const time_t *restrict seconds, struct tm *restrict to);

#endif
