#include "table.h"

#include "base/text.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct table_style table_style_for(int fd, enum table_coloring coloring)
{
    struct table_style style = {0};
    struct winsize size;
    bool terminal = isatty(fd);
    const char *no_color = getenv("NO_COLOR");
    const char *kind = getenv("TERM");
    bool refused = (no_color != NULL && *no_color != '\0') ||
                   (kind != NULL && strcmp(kind, "dumb") == 0); /* it shows escapes as text */
    style.color = coloring == COLOR_ALWAYS || (coloring == COLOR_AUTO && terminal && !refused);
    if (terminal && ioctl(fd, TIOCGWINSZ, &size) == 0)
        style.width = size.ws_col;
    return style;
}

const char *table_size(uint64_t bytes, char text[24])
{
    static const char units[] = "KMGTPE";
    if (bytes % 1024 != 0) {
        snprintf(text, 24, "%" PRIu64, bytes);
        return text;
    }
    uint64_t value = bytes / 1024, tenths = 0;
    size_t unit = 0;
    while (value >= 1024) {
        tenths = (value % 1024 * 10 + 512) / 1024; /* the last of these counts */
        value = value / 1024 + tenths / 10;
        tenths %= 10;
        unit++;
    }
    if (tenths != 0 && value < 1000)
        snprintf(text, 24, "%" PRIu64 ".%" PRIu64 "%c", value, tenths, units[unit]);
    else
        snprintf(text, 24, "%" PRIu64 "%c", value, units[unit]);
    return text;
}

const char *table_color(const struct table_style *style, enum mapping_kind kind)
{
    static const char codes[MAPPING_KINDS][8] = {
        [MAPPING_CODE] = "\033[31m",      [MAPPING_CONSTANT] = "",     [MAPPING_DATA] = "\033[33m",
        [MAPPING_ANONYMOUS] = "\033[32m", [MAPPING_HEAP] = "\033[35m", [MAPPING_STACK] = "\033[36m",
        [MAPPING_KERNEL] = "\033[34m",
    };
    return style->color ? codes[kind] : "";
}

const char *table_dim(const struct table_style *style)
{
    return style->color ? "\033[2m" : "";
}

const char *table_plain(const char *code)
{
    return *code != '\0' ? "\033[0m" : "";
}

static void put(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0, bytes; i < length; i += bytes) {
        bytes = utf8_shown(text + i);
        if (bytes == 0 || bytes > length - i) {
            fputc('?', out);
            bytes = 1;
        } else {
            fwrite(text + i, 1, bytes, out);
        }
    }
}

void table_wrap(const struct table_style *style, int indent, const char *text)
{
    enum { DEEPER = 6 };
    size_t length = strlen(text);
    if (style->width != 0 && style->width - indent < style->width / 3 && length > 0) {
        /* no column is left: the text gets lines of its own */
        fprintf(style->out, "\n%*s", DEEPER, "");
        indent = DEEPER;
    }
    size_t room = style->width == 0 || style->width <= indent ? SIZE_MAX
                                                              : (size_t)(style->width - indent);
    while (length > room) {
        size_t cut = room;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0) {
            cut = room; /* one long word: cut between characters */
            while (cut > 1 && ((unsigned char)text[cut] & 0xc0) == 0x80)
                cut--;
        }
        put(style->out, text, cut);
        fprintf(style->out, "\n%*s", indent, "");
        cut += strspn(text + cut, " ");
        text += cut;
        length -= cut;
    }
    put(style->out, text, length);
    fputc('\n', style->out);
}

/* Is there room behind the column? Otherwise the text gets lines of its own. */
static bool has_room(const struct table_style *style, int indent)
{
    return style->width == 0 || style->width - indent >= style->width / 3;
}

void table_column(const struct table_style *style, int indent, const char *text)
{
    if (*text != '\0' && has_room(style, indent))
        fprintf(style->out, "  ");
    table_wrap(style, indent, text);
}

/* Column widths: "  <start>-<end>  <size>  <perm>  [<column>  ]...<name>  <from>". */
enum {
    FIRST_COLUMNS = 2 + 25 + 2 + 6 + 2 + 4 + 2,
    MORE_WIDTH = 6,
    NAME_WIDTH = 24,
    NAME_LEAST = 8
};

/* The columns of the name: fewer in a narrow terminal. */
static int name_width(const struct table_style *style, int name_column)
{
    int room = style->width - name_column;
    if (style->width == 0 || room >= NAME_WIDTH)
        return NAME_WIDTH;
    return room < NAME_LEAST ? NAME_LEAST : room;
}

const char *table_clean(const char *text, char *to, size_t room)
{
    size_t length = strlen(text);
    if (length > room - 1)
        length = room - 1;
    memcpy(to, text, length);
    to[length] = '\0';
    return text_printable(to);
}

const char *table_range(uint64_t start, uint64_t end, char text[40])
{
    if (end >> 48 == 0)
        snprintf(text, 40, "%012" PRIx64 "-%012" PRIx64, start, end);
    else
        snprintf(text, 40, "%016" PRIx64 "-..%06" PRIx64, start, end & 0xffffff);
    return text;
}

/* Writes `text` in `width` columns; a byte that continues a UTF-8 character takes none. */
static void put_padded(FILE *out, const char *text, size_t width)
{
    size_t columns = 0;
    for (const char *c = text; *c != '\0'; c++)
        columns += ((unsigned char)*c & 0xc0) != 0x80;
    fprintf(out, "%s%*s", text, columns < width ? (int)(width - columns) : 0, "");
}

const char *table_name(const char *name, size_t width, char text[64])
{
    size_t length = strlen(name);
    if (length <= width || width < 4)
        return table_clean(name, text, 64);
    const char *tail = name + length - (width - 3);
    while (((unsigned char)*tail & 0xc0) == 0x80) /* not in the middle of a character */
        tail++;
    const char *slash = strchr(tail, '/'); /* whole components of the path, if one fits */
    char cut[64];
    snprintf(cut, sizeof cut, "...%.60s", slash != NULL && slash[1] != '\0' ? slash : tail);
    return table_clean(cut, text, 64);
}

static void draw_gap(const struct table_style *style, uint64_t start, uint64_t end,
                     const char *text)
{
    enum { TEXT_COLUMN = 2 + 25 + 2 + 6 + 2 };
    char size[24], line[80];
    const char *dim = table_dim(style);
    if (end <= start || style->part)
        return;
    snprintf(line, sizeof line, "(gap%s)", text);
    fprintf(style->out, "  %s%25s  %6s  ", dim, "", table_size(end - start, size));
    if (style->width == 0 || TEXT_COLUMN + (int)strlen(line) <= style->width) {
        fprintf(style->out, "%s%s\n", line, table_plain(dim));
        return;
    }
    fprintf(style->out, "%s", table_plain(dim)); /* no colour code extends into the next line */
    table_wrap(style, TEXT_COLUMN, line);
}

static void draw_mark(const struct table_style *style, const struct table_mark *mark)
{
    enum { TEXT_COLUMN = 2 + 12 + 5 };
    fprintf(style->out, "  %012" PRIx64 "  <- ", mark->address);
    table_wrap(style, TEXT_COLUMN, mark->text);
}

/* Prints the marks between two mappings, and the gaps around them. */
static void draw_between(const struct table_style *style, const struct table_mark *marks,
                         size_t mark_count, size_t *mark, uint64_t start,
                         const struct mapping *next)
{
    for (; *mark < mark_count && (next == NULL || marks[*mark].address < next->start); ++*mark) {
        if (start != 0)
            draw_gap(style, start, marks[*mark].address, "");
        draw_mark(style, &marks[*mark]);
        if (marks[*mark].address > start)
            start = marks[*mark].address;
    }
    if (next == NULL || start == 0)
        return;
    bool stack = mapping_kind(next) == MAPPING_STACK, kernel = next->start >> 47 != 0;
    draw_gap(style, start, next->start,
             stack    ? ": the stack grows down into it"
             : kernel ? ": no addresses for programs"
                      : "");
}

static void draw_sums(const struct table_style *style, const struct maps *maps)
{
    uint64_t bytes[MAPPING_KINDS] = {0};
    size_t count[MAPPING_KINDS] = {0};
    char size[24];
    for (size_t i = 0; i < maps->count; i++) {
        enum mapping_kind kind = mapping_kind(&maps->entries[i]);
        bytes[kind] += maps->entries[i].end - maps->entries[i].start;
        count[kind]++;
    }
    int column = 0;
    for (enum mapping_kind kind = 0; kind < MAPPING_KINDS; kind++) {
        if (count[kind] == 0)
            continue;
        char text[80];
        int length = snprintf(text, sizeof text, "%s %s in %zu mapping%s", mapping_kind_name(kind),
                              table_size(bytes[kind], size), count[kind],
                              count[kind] == 1 ? "" : "s");
        bool fits = column != 0 && (style->width == 0 || column + 3 + length <= style->width);
        const char *color = table_color(style, kind);
        fprintf(style->out, "%s%s%s%s", fits ? "   " : "\n  ", color, text, table_plain(color));
        column = fits ? column + 3 + length : 2 + length;
    }
    fprintf(style->out, "\n");
}

void table_draw(const struct table_style *style, const struct maps *maps,
                const struct table_mark *marks, size_t mark_count,
                const struct table_columns *columns, table_annotate *annotate, void *context)
{
    char size[24], name[64], range[40], text[2048];
    size_t mark = 0, more = columns == NULL ? 0 : columns->count;
    uint64_t end = 0;
    int name_column = FIRST_COLUMNS + (int)more * (MORE_WIDTH + 2);
    int name_columns = name_width(style, name_column), from = name_column + name_columns + 2;
    fprintf(style->out, "  %-25s  %6s  %-4s  ", "address", "size", "perm");
    for (size_t i = 0; i < more; i++)
        fprintf(style->out, "%*s  ", MORE_WIDTH, columns->titles[i]);
    fprintf(style->out, "%-*s%s\n", name_columns, "mapping", has_room(style, from) ? "  from" : "");
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        draw_between(style, marks, mark_count, &mark, end, mapping);
        text[0] = '\0';
        annotate(mapping, context, text, sizeof text);
        const char *color = table_color(style, mapping_kind(mapping));
        fprintf(style->out, "  %s%s  %6s  %s  ", color,
                table_range(mapping->start, mapping->end, range),
                table_size(mapping->end - mapping->start, size), mapping->permissions);
        for (size_t j = 0; j < more; j++) {
            char value[24] = "";
            columns->value(i, j, context, value);
            fprintf(style->out, "%*s  ", MORE_WIDTH, value);
        }
        put_padded(style->out, table_name(mapping->name, (size_t)name_columns, name),
                   (size_t)name_columns);
        fprintf(style->out, "%s", table_plain(color));
        table_column(style, from, text);
        /* a mark inside a mapping follows its row */
        for (; mark < mark_count && marks[mark].address < mapping->end; mark++)
            draw_mark(style, &marks[mark]);
        end = mapping->end;
    }
    draw_between(style, marks, mark_count, &mark, 0, NULL);
    draw_sums(style, maps);
}
