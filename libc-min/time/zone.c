/* Local time: tzset(3), localtime(3), mktime(3).
 *
 * TZ is decoded at the first use. Each function checks if TZ has changed, and decodes it again. The
 * period found last is kept, because most times of a program lie in it. One lock covers everything.
 */
#include "zone.h"
#include "calendar.h"
#include "lock.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

long __timezone;
int __daylight;
char *__tzname[2];
WEAK_ALIAS(__timezone, timezone);
WEAK_ALIAS(__daylight, daylight);
WEAK_ALIAS(__tzname, tzname);

HIDDEN extern lock_t __time_zone_lock;
lock_t __time_zone_lock; /* fork() takes it too */

static struct {
    int known;
    char *setting;       /* value of TZ, from malloc; NULL: TZ is not set */
    unsigned char *text; /* text of the file, from malloc; NULL: no file, `rule` is in force */
    struct zone_file file;
    struct zone_rule rule;
    struct zone_period last;
} zone;

struct kept {
    struct kept *next;
    char name[];
};
static struct kept *kept_names;

const char *__zone_keep(const char *name, size_t length)
{
    struct kept *kept = kept_names;

    for (; kept; kept = kept->next)
        if (strncmp(kept->name, name, length) == 0 && !kept->name[length])
            return kept->name;
    kept = malloc(sizeof *kept + length + 1);
    if (!kept)
        return __calendar_utc + 3; /* "" */
    memcpy(kept->name, name, length);
    kept->name[length] = 0;
    kept->next = kept_names;
    kept_names = kept;
    return kept->name;
}

/* Reads a regular file into memory from malloc; NULL on failure. Makes system calls itself, because
 * localtime() of ISO C may not call open() of POSIX. */
static unsigned char *file_read(const char *path, size_t *size)
{
    enum { SIZE_LIMIT = 1 << 20 }; /* the longest file of tzdata has 4 KiB */
    int file = (int)sys_call(SYS_open, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    unsigned char *text = NULL;
    struct stat status;

    if (file < 0)
        return NULL;
    *size = 0;
    if (sys_call(SYS_fstat, file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        status.st_size <= SIZE_LIMIT)
        text = malloc((size_t)status.st_size);
    while (text && *size < (size_t)status.st_size) {
        long got = sys_call(SYS_read, file, text + *size, (size_t)status.st_size - *size);
        if (got <= 0 && got != -EINTR)
            break;
        if (got > 0)
            *size += (size_t)got;
    }
    sys_call(SYS_close, file);
    return text;
}

static int file_load(const char *path)
{
    size_t size;
    unsigned char *text = file_read(path, &size);

    if (text && __zone_file_decode(text, size, &zone.file)) {
        zone.text = text;
        return 1;
    }
    free(text);
    return 0;
}

/* Loads a zone by name: from musl's folders, or by a path. A program with more rights than the user
 * that set TZ accepts neither a path nor a name that leaves the folders. */
static int name_load(const char *name)
{
    static const char folders[][24] = {"/usr/share/zoneinfo/", "/share/zoneinfo/",
                                       "/etc/zoneinfo/"};
    char path[PATH_MAX];
    size_t length = strlen(name);

    if (__process.secure && (*name == '/' || strstr(name, "..")))
        return 0;
    if (*name == '/')
        return file_load(name);
    if (length >= sizeof path - sizeof folders[0])
        return 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t folder = strlen(folders[i]);
        memcpy(path, folders[i], folder);
        memcpy(path + folder, name, length + 1);
        if (file_load(path))
            return 1;
    }
    return 0;
}

/* A rule may look like a file's name (EST5EDT): after a colon, a name is tried first. */
static void setting_load(const char *setting)
{
    int colon = setting && *setting == ':';

    zone.text = NULL;
    zone.rule = (struct zone_rule){.standard.name = __calendar_utc};
    if (!setting)
        (void)file_load("/etc/localtime");
    else if (!*(setting += colon))
        return; /* UTC */
    else if (colon)
        (void)(name_load(setting) || __zone_rule_parse(setting, &zone.rule));
    else
        (void)(__zone_rule_parse(setting, &zone.rule) || name_load(setting));
}

/* The two types for tzname: the rule's; of a file without a rule, the last that were in force. */
static void types_find(struct zone_type *standard, struct zone_type *dst)
{
    const struct zone_rule *rule = zone.text ? &zone.file.rule : &zone.rule;
    int64_t at = CALENDAR_LAST;
    int found[2] = {0, 0};
    struct zone_period period;

    *dst = (struct zone_type){.name = ""};
    if (!zone.text || zone.file.ruled) {
        *standard = rule->standard;
        if (rule->has_dst)
            *dst = rule->dst;
        return;
    }
    __zone_file_find(&zone.file, at, &period);
    *standard = period.type;
    do {
        __zone_file_find(&zone.file, at, &period);
        if (!found[period.type.dst]++)
            *(period.type.dst ? dst : standard) = period.type;
        at = period.begin - (period.begin > INT64_MIN);
    } while (period.begin > INT64_MIN && !(found[0] && found[1]));
}

static void setting_update(void)
{
    const char *setting = getenv("TZ");
    struct zone_type standard, dst;

    if (zone.known &&
        (setting && zone.setting ? strcmp(setting, zone.setting) == 0 : setting == zone.setting))
        return;
    free(zone.setting);
    free(zone.text);
    zone.setting = NULL;
    setting_load(setting);
    if (setting && (zone.setting = malloc(strlen(setting) + 1)) != NULL)
        strcpy(zone.setting, setting);
    zone.known = !setting == !zone.setting;
    zone.last = (struct zone_period){1, 0, {0}};
    types_find(&standard, &dst);
    __timezone = -standard.offset;
    __daylight = *dst.name != 0;
    __tzname[0] = (char *)standard.name;
    __tzname[1] = (char *)dst.name;
}

static void period_find(int64_t seconds, struct zone_period *to)
{
    if (zone.text)
        __zone_file_find(&zone.file, seconds, to);
    else
        __zone_rule_find(&zone.rule, seconds, to);
}

static struct zone_type type_find(int64_t seconds)
{
    if (seconds < zone.last.begin || seconds >= zone.last.end)
        period_find(seconds, &zone.last);
    return zone.last.type;
}

void tzset(void)
{
    lock_take(&__time_zone_lock);
    setting_update();
    lock_release(&__time_zone_lock);
}

/* Fills `to` with local time; the caller holds the lock. 0, or EOVERFLOW. */
static int local_split(int64_t seconds, struct tm *to)
{
    struct zone_type type;
    int error;

    if (seconds < CALENDAR_FIRST || seconds > CALENDAR_LAST)
        return EOVERFLOW;
    type = type_find(seconds);
    error = __calendar_split(seconds + type.offset, to);
    if (error)
        return error;
    to->tm_isdst = type.dst;
    to->tm_gmtoff = type.offset;
    to->tm_zone = type.name;
    return 0;
}

struct tm *__localtime_r(const time_t *restrict seconds, struct tm *restrict to)
{
    int error;

    lock_take(&__time_zone_lock);
    setting_update();
    error = local_split(*seconds, to);
    lock_release(&__time_zone_lock);
    if (error) {
        errno = error;
        return NULL;
    }
    return to;
}
WEAK_ALIAS(__localtime_r, localtime_r);

struct tm *localtime(const time_t *seconds)
{
    static struct tm fields;

    return __localtime_r(seconds, &fields);
}

/* The time at which the zone's clocks show `local` (seconds, as if UTC). Of the periods nearby, the
 * first of these that exists:
 *  1. a period that contains the time and has the requested type: in the hour that comes twice,
 *     tm_isdst decides, and -1 selects standard time
 *  2. if a type is requested, the nearest period of that type: summer time in winter
 *  3. a period that contains the time, whatever its type
 *  4. none, for an hour that is skipped: the offset before the change is used
 */
static int64_t local_join(int64_t local, int wanted)
{
    enum { ROUNDS = 16, YEAR = 366 * DAY };
    struct zone_period period;
    int64_t shown = 0, other = 0, best = INT64_MAX, before = 0;
    int has_shown = 0, has_before = 0;

    /* well within the period found last, no other period matters */
    before = local - zone.last.type.offset;
    if (before - 2 * OFFSET_LIMIT >= zone.last.begin && before + 2 * OFFSET_LIMIT < zone.last.end &&
        (wanted < 0 || wanted == zone.last.type.dst))
        return before;
    period_find(local - OFFSET_LIMIT, &period);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t seconds = local - period.type.offset;
        if (seconds >= period.begin && seconds < period.end) {
            if (wanted >= 0 && !period.type.dst == !wanted)
                return seconds;
            if (!has_shown || !period.type.dst)
                shown = seconds;
            has_shown = 1;
        } else if (seconds >= period.end || !has_before) {
            before = seconds;
            has_before = 1;
        }
        if (period.end > local + OFFSET_LIMIT)
            break;
        period_find(period.end, &period);
    }
    if (wanted >= 0) {
        period_find(local - YEAR, &period);
        for (int i = 0; i < ROUNDS; i++) {
            int64_t seconds = local - period.type.offset;
            int64_t far = seconds < period.begin ? period.begin - seconds : seconds - period.end;
            if (!period.type.dst == !wanted && far < best) {
                best = far;
                other = seconds;
            }
            if (period.end > local + YEAR)
                break;
            period_find(period.end, &period);
        }
        if (best != INT64_MAX)
            return other;
    }
    return has_shown ? shown : before;
}

time_t mktime(struct tm *fields)
{
    int64_t local = __calendar_join(fields), seconds = -1;
    int error = EOVERFLOW;

    lock_take(&__time_zone_lock);
    setting_update();
    if (local >= CALENDAR_FIRST && local <= CALENDAR_LAST) {
        seconds = local_join(local, fields->tm_isdst < 0 ? -1 : fields->tm_isdst != 0);
        error = local_split(seconds, fields);
    }
    lock_release(&__time_zone_lock);
    if (error) {
        errno = error;
        return -1;
    }
    return seconds;
}
