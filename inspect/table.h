/* Drawing an address space as a table of text. */
#ifndef UEXEC_TABLE_H
#define UEXEC_TABLE_H

#include "maps.h"

#include <stdio.h>

/* How the output looks, decided once from what it goes to. */
struct table_style {
    FILE *out;
    int width; /* columns of a terminal; 0: no limit */
    bool color;
};

/* Something to be said of an address that no mapping begins at ("heap starts"). */
struct table_mark {
    uint64_t address;
    const char *text;
};

/* What the caller knows of a mapping: text for the last column, written to
 * `text` (at most `room` bytes with its NUL). */
typedef void table_annotate(const struct mapping *mapping, void *context, char *text, size_t room);

/* "132K", "1.5M", "42.7T": at most six characters for a multiple of 1024. */
const char *table_size(uint64_t bytes, char text[24]);

/* `text` with control characters, which would move a terminal's cursor, and what is no UTF-8 as
 * '?'; cut to `room`.  Returns `to`. */
const char *table_clean(const char *text, char *to, size_t room);

/* "000000400000-000000401000"; in the kernel's half the end is cut to its last
 * digits, so that both take 25 columns. */
const char *table_range(uint64_t start, uint64_t end, char text[40]);

/* A path that is longer than `width` keeps its end, which tells more: at the most
 * 60 columns.  Returns `name` or `text`. */
const char *table_name(const char *name, size_t width, char text[64]);

/* SGR codes for a kind, or "" for what has no colour and without colour. */
const char *table_color(const struct table_style *style, enum mapping_kind kind);
const char *table_dim(const struct table_style *style);

/* What ends `code`, one of these: nothing ends "". */
const char *table_plain(const char *code);

/* Text from column `indent` on, wrapped at blanks to the style's width, on lines of
 * its own if less than a third of that is left; ends the line.  Control characters become '?'. */
void table_wrap(const struct table_style *style, int indent, const char *text);

/* The same for a row's last column, which begins at `indent`, two blanks after what
 * is before it; nothing for no text. */
void table_column(const struct table_style *style, int indent, const char *text);

/* The layout: a row for each mapping, gaps with their sizes between them, marks
 * (ascending) where they belong, a sum for each kind at the end. */
void table_draw(const struct table_style *style, const struct maps *maps,
                const struct table_mark *marks, size_t mark_count, table_annotate *annotate,
                void *context);

#endif
