/* The mappings: /proc/self/maps whole, and from smaps what does not depend on the moment. */
#include "maps.h"

#include "out.h"
#include "probe.h"
#include "raw.h"

static char text[64 * 1024];
static size_t text_length;

void maps_read(void)
{
    long got = raw_read_file("/proc/self/maps", text, sizeof text);
    text_length = got < 0 ? 0 : (size_t)got;
}

bool maps_next(size_t *at, struct maps_line *line)
{
    const char *end = text + text_length, *c = text + *at;
    if (c == end)
        return false;
    const char *stop = line_end(c, end);
    *at = (size_t)(stop - text) + (stop < end);
    line->start = take_number(&c, stop, 16);
    c++;
    line->end = take_number(&c, stop, 16);
    line->rest = c < stop ? c + 1 : c;
    line->rest_end = stop;
    /* protection, offset, device, inode, then blanks up to the name's column */
    c = line->rest;
    for (int field = 0; field < 4; field++) {
        while (c < stop && *c != ' ')
            c++;
        while (c < stop && *c == ' ')
            c++;
    }
    line->name = c;
    return true;
}

bool maps_find(const char *name, struct maps_line *line)
{
    for (size_t at = 0; maps_next(&at, line);) {
        if (text_begins(line->name, line->rest_end, name))
            return true;
    }
    return false;
}

static void put_rest(const struct maps_line *line)
{
    /* the blanks before a name depend on how long addresses are */
    const char *end = line->name;
    while (end > line->rest && end[-1] == ' ')
        end--;
    out_bytes_of(line->rest, (size_t)(end - line->rest));
    if (line->name != line->rest_end)
        out_text(" ");
    out_bytes_of(line->name, (size_t)(line->rest_end - line->name));
}

static void look_lines(void)
{
    struct maps_line line;
    uint64_t before = 0, count = 0, both = 0;
    for (size_t at = 0; maps_next(&at, &line); count++) {
        out_item("maps");
        out_address(line.start);
        out_text("-");
        out_address(line.end);
        out_text(" +");
        out_hex(line.end - line.start);
        out_text(" ");
        put_rest(&line);
        out_text(line.start == before ? " adjacent" : "");
        out_end();
        both += line.rest[1] == 'w' && line.rest[2] == 'x';
        before = line.end;
    }
    out_line_decimal("maps-count", (int64_t)count);
    out_line_decimal("maps-writable-and-executable", (int64_t)both);
}

/* What is mapped and cannot be written holds what its file holds. [vvar] is left out: the kernel
 * writes to it, and some of its pages cannot be read. So are, where a dynamic linker ran, all but
 * code: it has written to what it then protected, glibc's even random numbers. */
static void look_contents(void)
{
    struct maps_line line;
    for (size_t at = 0; maps_next(&at, &line);) {
        if (line.rest[0] != 'r' || line.rest[1] != '-' ||
            text_begins(line.name, line.rest_end, "[v") || (!ground.fresh && line.rest[2] != 'x'))
            continue;
        out_item("contents");
        out_address(line.start);
        out_text(" ");
        out_address(hash_bytes(HASH_START, (const void *)line.start, line.end - line.start));
        out_end();
    }
}

/* Of smaps, the lines that are not sums of pages that happen to be there. */
static bool is_lasting(const char *at, const char *end)
{
    return text_begins(at, end, "VmFlags:") || text_begins(at, end, "KernelPageSize:") ||
           text_begins(at, end, "MMUPageSize:") || text_begins(at, end, "Locked:") ||
           text_begins(at, end, "ProtectionKey:") || text_begins(at, end, "THPeligible:") ||
           text_begins(at, end, "Swap:") || text_begins(at, end, "Anonymous:") ||
           text_begins(at, end, "AnonHugePages:");
}

static void look_smaps(void)
{
    static char smaps[128 * 1024];
    long got = raw_read_file("/proc/self/smaps", smaps, sizeof smaps);
    const char *end = smaps + (got < 0 ? 0 : got), *next;
    uint64_t start = 0;
    for (const char *at = smaps; at < end; at = next) {
        const char *stop = line_end(at, end);
        next = stop + (stop < end);
        if (*at < 'A' || *at > 'Z') {
            start = take_number(&at, stop, 16);
        } else if (is_lasting(at, stop)) {
            out_item("smaps");
            out_address(start);
            out_text(" ");
            out_bytes_of(at, (size_t)(stop - at));
            out_end();
        }
    }
}

void look_maps(void)
{
    look_smaps(); /* first: looking at contents touches pages */
    maps_read();
    look_lines();
    look_contents();
}
