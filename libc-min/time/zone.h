/* A time zone: its offset from UTC at each time. The zone is a rule (POSIX 8.3, zone_rule.c), or a
 * file of transitions that may end in a rule (RFC 8536, zone_file.c). */
#ifndef LIBC_TIME_ZONE_H
#define LIBC_TIME_ZONE_H

#include "alias.h"
#include <stddef.h>
#include <stdint.h>

/* Limit of a zone's offset, seconds: RFC 8536, 3.2 asks for -25 to 26 hours, POSIX 8.3 for 24
 * hours, 59 minutes and 59 seconds. */
enum { OFFSET_LIMIT = 26 * 3600 };

/* A type of local time. */
struct zone_type {
    int32_t offset; /* seconds east of UTC */
    int dst;
    const char *name; /* kept by __zone_keep() */
};

/* The period in which one type is in force: seconds since 1970, begin <= t < end. */
struct zone_period {
    int64_t begin, end;
    struct zone_type type;
};

/* A day of the year, and the time on it, at which the type changes. */
struct zone_day {
    char kind; /* 'J': 1 to 365, without leap days; 'n': 0 to 365; 'M': month, week, weekday */
    int month, week, day;
    int time; /* seconds from the midnight before, by the old type: -167 to 167 hours */
};

struct zone_rule {
    struct zone_type standard, dst;
    int has_dst;
    struct zone_day to_dst, to_standard;
};

/* Parses a rule, which must be the whole text. 0 if the text is no rule. */
HIDDEN int __zone_rule_parse(const char *text, struct zone_rule *to);
HIDDEN void __zone_rule_find(const struct zone_rule *rule, int64_t seconds, struct zone_period *to);

/* A file decoded by __zone_file_decode(). The pointers point into the file's text; all that
 * __zone_file_find() relies on is checked. */
struct zone_file {
    const unsigned char *times;   /* transitions: big-endian, `time_size` bytes each, rising */
    const unsigned char *indices; /* of the type from each transition on */
    const unsigned char *types;   /* 6 bytes each */
    const char *names;
    size_t time_count, type_count, names_size, time_size;
    int ruled; /* `rule` is in force from the last transition on */
    struct zone_rule rule;
};

/* Decodes `size` bytes of text, which must stay in memory. 0 if they are no TZif file. */
HIDDEN int __zone_file_decode(const unsigned char *text, size_t size, struct zone_file *to);
HIDDEN void __zone_file_find(const struct zone_file *file, int64_t seconds, struct zone_period *to);

/* A permanent copy of an abbreviation, because struct tm may point to it. */
HIDDEN const char *__zone_keep(const char *name, size_t length);

#endif
