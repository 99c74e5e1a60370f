/* ctime(3) */
#include "calendar.h"

char *ctime(const time_t *seconds)
{
    struct tm *fields = localtime(seconds);

    return fields ? asctime(fields) : NULL;
}

char *ctime_r(const time_t *seconds, char *to)
{
    struct tm fields;

    return localtime_r(seconds, &fields) ? asctime_r(&fields, to) : NULL;
}
