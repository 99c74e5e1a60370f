/* Zone files: TZif, RFC 8536, versions 1 to 4. Leap seconds are ignored: POSIX time has none. */
#include "zone.h"
#include <string.h>

enum { HEADER_SIZE = 44, TYPE_SIZE = 6, RULE_SIZE = 256 };

static uint32_t big32(const unsigned char *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static int64_t time_at(const struct zone_file *file, size_t which)
{
    const unsigned char *from = file->times + which * file->time_size;

    if (file->time_size == 4)
        return (int32_t)big32(from);
    return (int64_t)((uint64_t)big32(from) << 32 | big32(from + 4));
}

/* Sections 3.1 and 3.2: a header, and the data that it counts. Returns their size, or 0 if they do
 * not fit into `size` bytes. */
static size_t block_decode(const unsigned char *text, size_t size, size_t time_size,
                           struct zone_file *to)
{
    uint64_t all, utc_count, standard_count, leap_count;

    if (size < HEADER_SIZE || memcmp(text, "TZif", 4) != 0)
        return 0;
    utc_count = big32(text + 20);
    standard_count = big32(text + 24);
    leap_count = big32(text + 28);
    *to = (struct zone_file){.time_count = big32(text + 32),
                             .type_count = big32(text + 36),
                             .names_size = big32(text + 40),
                             .time_size = time_size};
    all = HEADER_SIZE + to->time_count * (time_size + 1) + to->type_count * TYPE_SIZE +
          to->names_size + leap_count * (time_size + 4) + standard_count + utc_count;
    if (all > size) /* seven counts below 2^32: the sum is below 2^40 */
        return 0;
    to->times = text + HEADER_SIZE;
    to->indices = to->times + to->time_count * time_size;
    to->types = to->indices + to->time_count;
    to->names = (const char *)to->types + to->type_count * TYPE_SIZE;
    return all;
}

/* Checks everything that __zone_file_find() relies on. */
static int block_sound(const struct zone_file *file)
{
    if (file->type_count == 0 || file->names_size == 0 || file->names[file->names_size - 1])
        return 0;
    for (size_t i = 0; i < file->type_count; i++) {
        const unsigned char *type = file->types + i * TYPE_SIZE;
        int32_t offset = (int32_t)big32(type);
        if (offset < -OFFSET_LIMIT || offset > OFFSET_LIMIT || type[4] > 1 ||
            type[5] >= file->names_size)
            return 0;
    }
    for (size_t i = 0; i < file->time_count; i++)
        if (file->indices[i] >= file->type_count ||
            (i > 0 && time_at(file, i - 1) >= time_at(file, i)))
            return 0;
    return 1;
}

int __zone_file_decode(const unsigned char *text, size_t size, struct zone_file *to)
{
    size_t used = block_decode(text, size, 4, to);

    if (used == 0)
        return 0;
    if (text[4] >= '2') {
        size_t first = used;
        used = block_decode(text + first, size - first, 8, to);
        if (used == 0)
            return 0;
        used += first;
        /* 3.3: a newline, the rule or nothing, a newline */
        const unsigned char *line = text + used;
        const unsigned char *end =
            used < size && *line == '\n' ? memchr(line + 1, '\n', size - used - 1) : NULL;
        if (end && end - line <= RULE_SIZE) {
            char rule[RULE_SIZE];
            size_t length = (size_t)(end - line) - 1;
            memcpy(rule, line + 1, length);
            rule[length] = 0;
            to->ruled = length > 0 && block_sound(to) && __zone_rule_parse(rule, &to->rule);
        }
    }
    return block_sound(to);
}

void __zone_file_find(const struct zone_file *file, int64_t seconds, struct zone_period *to)
{
    size_t low = 0, high = file->time_count, which;
    int64_t last;

    while (low < high) { /* finds the number of transitions that are not after `seconds` */
        size_t middle = low + (high - low) / 2;
        if (time_at(file, middle) <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    last = low ? time_at(file, low - 1) : INT64_MIN;
    if (low == file->time_count && file->ruled) {
        __zone_rule_find(&file->rule, seconds, to);
        if (to->begin < last)
            to->begin = last;
        return;
    }
    to->begin = last;
    to->end = low < file->time_count ? time_at(file, low) : INT64_MAX;
    which = low ? file->indices[low - 1] : 0; /* 3.2: type 0 before the first time */
    const unsigned char *type = file->types + which * TYPE_SIZE;
    const char *name = file->names + type[5];
    to->type = (struct zone_type){(int32_t)big32(type), type[4], __zone_keep(name, strlen(name))};
}
