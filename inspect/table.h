/* Prints an address space as a table. */
#ifndef UEXEC_TABLE_H
#define UEXEC_TABLE_H

#include "maps.h"

#include <stdio.h>

/* The look of the output, chosen once for its destination. */
struct table_style {
    FILE *out;
    int width; /* columns of a terminal; 0: no limit */
    bool color;
    bool part; /* not all mappings are shown: no gaps between them */
};

/* When output is coloured: --color=WHEN. */
enum table_coloring { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The look for `fd`: colour and width are for a terminal; NO_COLOR (no-color.org), TERM=dumb and
 * `coloring` overrule. The caller sets `out`. */
struct table_style table_style_for(int fd, enum table_coloring coloring);

/* A note about an address, such as "heap starts". */
struct table_mark {
    uint64_t address;
    const char *text;
};

/* The caller's text about a mapping, for the last column; written to `text`, at most `room` bytes
 * with its NUL. */
typedef void table_annotate(const struct mapping *mapping, void *context, char *text, size_t room);

/* "132K", "1.5M", "42.7T": at most six characters for a multiple of 1024. */
const char *table_size(uint64_t bytes, char text[24]);

/* Copies `text` with '?' for control characters, which would move a terminal's cursor, and for
 * bytes that are not UTF-8; cut to `room`. Returns `to`. */
const char *table_clean(const char *text, char *to, size_t room);

/* "000000400000-000000401000". In the kernel's half, only the last digits of the end are shown, so
 * that both forms take 25 columns. */
const char *table_range(uint64_t start, uint64_t end, char text[40]);

/* Shortens a path to `width` columns, at most 60. The end stays, because it tells more. Returns
 * `text`. */
const char *table_name(const char *name, size_t width, char text[64]);

/* The SGR codes of a kind; "": no colour. */
const char *table_color(const struct table_style *style, enum mapping_kind kind);
const char *table_dim(const struct table_style *style);

/* The code that ends `code`, one of these; "" for "". */
const char *table_plain(const char *code);

/* Prints text from column `indent` on, wrapped at blanks to the style's width, on lines of its own
 * if less than a third of the width is left. Ends the line. Control characters become '?'. */
void table_wrap(const struct table_style *style, int indent, const char *text);

/* The same for a row's last column, which begins at `indent`, two blanks behind the column before;
 * nothing for an empty text. */
void table_column(const struct table_style *style, int indent, const char *text);

/* More columns between the permissions and the name, six characters each and right-aligned.
 * value() writes the text of row `index` (of maps->entries) into `text`. */
struct table_columns {
    const char *const *titles;
    size_t count;
    void (*value)(size_t index, size_t column, void *context, char text[24]);
};

/* Prints the layout: a row for each mapping, gaps with their sizes between the rows, marks
 * (ascending) in their places, and a sum for each kind at the end. `columns`: NULL, or more
 * columns.
 */
void table_draw(const struct table_style *style, const struct maps *maps,
                const struct table_mark *marks, size_t mark_count,
                const struct table_columns *columns, table_annotate *annotate, void *context);

#endif
