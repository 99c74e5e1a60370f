#include "compare.h"

#include "arch.h"
#include "base/problem.h"
#include "inspect/json.h"
#include "inspect/process.h"
#include "linker.h"
#include "message.h"
#include "tracee.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>

/* One difference; `why` not NULL: it is expected, for this reason. */
struct difference {
    const char *group, *name, *kernel, *uexec, *why;
};

struct comparison {
    struct process kernel, uexec;
    struct difference *differences; /* from malloc */
    size_t count, unexplained;
    bool addresses;        /* addresses are compared, too: ASLR is off */
    bool leaves_registers; /* exec_leaves_registers() */
    bool set_id;           /* of the program's file */
};

static void add_difference(struct comparison *comparison, struct difference difference)
{
    /* doubles at each power of two, because realloc() frees nothing here (arena.c) */
    if ((comparison->count & (comparison->count - 1)) == 0) {
        struct difference *more =
            realloc(comparison->differences,
                    (comparison->count ? 2 * comparison->count : 1) * sizeof *more);
        if (more == NULL)
            return;
        comparison->differences = more;
    }
    comparison->differences[comparison->count++] = difference;
    comparison->unexplained += difference.why == NULL;
}

/* The differences that are expected, and why. */
static const char *reason(const struct comparison *comparison, const struct process_item *item)
{
    /* capabilities(7): either sets /proc/PID/exe */
    const uint64_t setting = 1ull << 21 /* CAP_SYS_ADMIN */ | 1ull << 40 /* ..._RESTORE */;
    const char *effective = process_find(&comparison->kernel, "status", "CapEff");
    if (strcmp(item->group, "proc") == 0 && strcmp(item->name, "exe") == 0 && effective != NULL &&
        (strtoull(effective, NULL, 16) & setting) == 0)
        return "setting it takes CAP_CHECKPOINT_RESTORE or a user namespace; uexec -v says what is "
               "refused";
    /* a set-user-ID or set-group-ID bit of the file changes these under execve */
    static const char by_id[][2][12] = {{"auxv", "type 11"},    {"auxv", "type 12"},
                                        {"auxv", "type 13"},    {"auxv", "type 14"},
                                        {"auxv", "type 23"},    {"status", "Uid"},
                                        {"status", "Gid"},      {"status", "CapPrm"},
                                        {"status", "CapEff"},   {"status", "CapAmb"},
                                        {"proc", "personality"}};
    for (size_t i = 0; comparison->set_id && i < sizeof by_id / sizeof *by_id; i++) {
        if (strcmp(item->group, by_id[i][0]) == 0 && strcmp(item->name, by_id[i][1]) == 0)
            return "set-user-ID and set-group-ID bits have no effect under uexec";
    }
    /* a system call changes these registers or takes them as arguments: see exit.h */
    if (comparison->leaves_registers && strcmp(item->group, "registers") == 0 &&
        arch_register_is_left(item->name))
        return "undefined at entry by psABI 3.4.1; the last system call leaves something there";
    return NULL;
}

static void compare_items(struct comparison *comparison)
{
    const struct process *kernel = &comparison->kernel, *uexec = &comparison->uexec;
    for (size_t i = 0; i < kernel->count; i++) {
        const struct process_item *item = &kernel->items[i];
        const char *other = process_find(uexec, item->group, item->name);
        if (other == NULL || strcmp(item->value, other) != 0)
            add_difference(comparison, (struct difference){item->group, item->name, item->value,
                                                           other, reason(comparison, item)});
    }
    for (size_t i = 0; i < uexec->count; i++) {
        const struct process_item *item = &uexec->items[i];
        if (process_find(kernel, item->group, item->name) == NULL)
            add_difference(comparison,
                           (struct difference){item->group, item->name, NULL, item->value, NULL});
    }
}

/* Two mappings are the same if all fields of their lines are; where addresses are random, only
 * their sizes count. */
static bool same_mapping(const struct mapping *a, const struct mapping *b, bool addresses)
{
    return a->end - a->start == b->end - b->start && (!addresses || a->start == b->start) &&
           strcmp(a->permissions, b->permissions) == 0 && a->offset == b->offset &&
           a->inode == b->inode && strcmp(a->device, b->device) == 0 &&
           strcmp(a->name, b->name) == 0;
}

static char *mapping_text(const struct mapping *mapping)
{
    char *text, size[24];
    if (asprintf(&text, "%012" PRIx64 "-%012" PRIx64 " %6s %s %s", mapping->start, mapping->end,
                 table_size(mapping->end - mapping->start, size), mapping->permissions,
                 mapping->name) < 0)
        return NULL;
    return text;
}

/* Puts the kernel's own mappings last, in their order: with random addresses they are above the
 * stack in one process and below it in the other. */
static void put_kernels_last(struct maps *maps)
{
    struct mapping *sorted = calloc(maps->count + 1, sizeof *sorted);
    if (sorted == NULL)
        return;
    size_t at = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < maps->count; i++) {
            if ((strncmp(maps->entries[i].name, "[v", 2) == 0) == (pass == 1))
                sorted[at++] = maps->entries[i];
        }
    }
    memcpy(maps->entries, sorted, at * sizeof *sorted);
}

/* Goes through both layouts by address: *left and *right are the next pair, NULL where one side has
 * no mapping. false: both have ended. */
static bool next_pair(const struct comparison *comparison, size_t at[2],
                      const struct mapping **left, const struct mapping **right)
{
    const struct maps *a = &comparison->kernel.maps, *b = &comparison->uexec.maps;
    *left = at[0] < a->count ? &a->entries[at[0]] : NULL;
    *right = at[1] < b->count ? &b->entries[at[1]] : NULL;
    if (*left != NULL && *right != NULL && comparison->addresses) {
        if ((*left)->start < (*right)->start)
            *right = NULL;
        else if ((*right)->start < (*left)->start)
            *left = NULL;
    }
    at[0] += *left != NULL;
    at[1] += *right != NULL;
    return *left != NULL || *right != NULL;
}

static void compare_maps(struct comparison *comparison)
{
    const struct mapping *left, *right;
    for (size_t at[2] = {0, 0}; next_pair(comparison, at, &left, &right);) {
        if (left != NULL && right != NULL && same_mapping(left, right, comparison->addresses))
            continue;
        add_difference(comparison,
                       (struct difference){"maps", "mapping",
                                           left == NULL ? NULL : mapping_text(left),
                                           right == NULL ? NULL : mapping_text(right), NULL});
    }
}

/* One side of a row: 58 columns, or less in a narrow terminal. */
enum { SIDE = 58, SIDE_NAME = 25 + 1 + 6 + 1 + 4 + 1 };

static void side_text(const struct mapping *mapping, int columns, char text[SIDE + 1])
{
    char size[24];
    if (mapping == NULL) {
        snprintf(text, SIDE + 1, "%*s", columns, "");
        return;
    }
    char name[64], range[40];
    int room = columns - SIDE_NAME;
    snprintf(text, (size_t)columns + 1, "%s %6s %s %-*s",
             table_range(mapping->start, mapping->end, range),
             table_size(mapping->end - mapping->start, size), mapping->permissions, room,
             table_name(mapping->name, (size_t)room, name));
}

/* The width of a side in one column, behind a prefix of `before` columns. */
static int side_columns(const struct table_style *style, int before)
{
    enum { LEAST = SIDE_NAME + 4 };
    int columns = style->width - before;
    if (style->width == 0 || columns > SIDE)
        return SIDE;
    return columns < LEAST ? LEAST : columns;
}

/* Prints the layouts side by side if the width allows it; else in one column, in which only
 * differences have two lines. */
static void print_layouts(const struct table_style *style, const struct comparison *comparison)
{
    const struct mapping *left, *right;
    bool wide = style->width == 0 || style->width >= 2 * SIDE + 7;
    char a[SIDE + 1], b[SIDE + 1];
    if (wide)
        fprintf(style->out, "  %-*s   %s\n", SIDE, "execve", "uexec");
    else
        fprintf(style->out, "=: the same in both; execve <, uexec >: in one of them\n");
    for (size_t at[2] = {0, 0}; next_pair(comparison, at, &left, &right);) {
        bool same = left != NULL && right != NULL &&
                    same_mapping(left, right, comparison->addresses);
        const struct mapping *some = left != NULL ? left : right;
        const char *color = same ? table_color(style, mapping_kind(some)) : "";
        int columns = wide ? SIDE : side_columns(style, same ? 2 : 9);
        side_text(left, columns, a);
        side_text(right, columns, b);
        if (wide)
            fprintf(style->out, "%c %s%s%s %c %s%s%s\n", same ? ' ' : '!', color, a,
                    table_plain(color), same ? '=' : '!', color, b, table_plain(color));
        else if (same)
            fprintf(style->out, "= %s%s%s\n", color, a, table_plain(color));
        else
            fprintf(style->out, "%s%s%s%s%s%s", left != NULL ? "execve < " : "",
                    left != NULL ? a : "", left != NULL ? "\n" : "",
                    right != NULL ? "uexec  > " : "", right != NULL ? b : "",
                    right != NULL ? "\n" : "");
    }
}

static void print_text(const struct table_style *style, const struct launch *launch,
                       const struct comparison *comparison)
{
    char text[4096], line[4200];
    snprintf(line, sizeof line, "uexec: %s at its entry point, under execve and under uexec",
             table_clean(launch->execfn, text, sizeof text));
    table_wrap(style, 2, line);
    fprintf(style->out, "  ");
    table_wrap(style, 2,
               comparison->addresses ? "both without ASLR, so that addresses are compared"
               : comparison->set_id
                   ? "ASLR cannot be switched off for a set-ID file: addresses are not compared"
                   : "ASLR cannot be switched off here: addresses are not compared");
    if (launch->has_interpreter && linker_replaces(launch->interpreter.name)) {
        snprintf(
            line, sizeof line,
            "under %s, as execve has it; without --compare rt links it and libc-min is its libc",
            table_clean(launch->interpreter.name, text, sizeof text));
        fprintf(style->out, "  ");
        table_wrap(style, 2, line);
    }
    fprintf(style->out, "\n");
    print_layouts(style, comparison);
    snprintf(line, sizeof line,
             "%zu mappings and %zu other items (registers, stack, auxv, descriptors, signals, "
             "/proc) compared:",
             comparison->kernel.maps.count, comparison->kernel.count);
    fprintf(style->out, "\n  ");
    table_wrap(style, 2, line);
    if (comparison->unexplained == 0)
        fprintf(style->out, "  no difference%s\n",
                comparison->count == 0 ? "" : ", but for what has a known reason:");
    else
        fprintf(style->out, "  %zu different\n", comparison->count);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *difference = &comparison->differences[i];
        snprintf(line, sizeof line, "%s, %s%s%s%s", difference->group, difference->name,
                 difference->why == NULL ? "" : " (",
                 difference->why == NULL ? "" : difference->why,
                 difference->why == NULL ? "" : ")");
        fprintf(style->out, "  ");
        table_wrap(style, 4, line);
        fprintf(style->out, "    execve: ");
        table_wrap(style, 12, difference->kernel == NULL ? "none" : difference->kernel);
        fprintf(style->out, "    uexec:  ");
        table_wrap(style, 12, difference->uexec == NULL ? "none" : difference->uexec);
    }
}

static void json_maps(struct json *json, const char *name, const struct maps *maps)
{
    json_begin_array(json, name);
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        json_begin_object(json, NULL);
        json_write_hex(json, "start", mapping->start);
        json_write_hex(json, "end", mapping->end);
        json_write_string(json, "permissions", mapping->permissions);
        json_write_hex(json, "offset", mapping->offset);
        json_write_string(json, "name", mapping->name);
        json_end_object(json);
    }
    json_end_array(json);
}

static void json_value(struct json *json, const char *name, const char *value)
{
    if (value == NULL)
        json_write_null(json, name);
    else
        json_write_string(json, name, value);
}

static void print_json(FILE *out, const struct launch *launch, const struct comparison *comparison)
{
    struct json json = {.out = out};
    json_begin_object(&json, NULL);
    json_write_string(&json, "schema", "uexec-compare");
    json_write_number(&json, "version", 1);
    json_write_string(&json, "program", launch->execfn);
    json_write_bool(&json, "addresses_compared", comparison->addresses);
    json_write_number(&json, "items_compared", comparison->kernel.count);
    json_maps(&json, "execve", &comparison->kernel.maps);
    json_maps(&json, "uexec", &comparison->uexec.maps);
    json_begin_array(&json, "differences");
    for (size_t i = 0; i < comparison->count; i++) {
        const struct difference *difference = &comparison->differences[i];
        json_begin_object(&json, NULL);
        json_write_string(&json, "group", difference->group);
        json_write_string(&json, "name", difference->name);
        json_value(&json, "execve", difference->kernel);
        json_value(&json, "uexec", difference->uexec);
        json_value(&json, "reason", difference->why);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

int compare_run(struct report *report, struct launch *launch, const struct self *self,
                struct problem *problem)
{
    int persona = personality(0xffffffff);
    struct comparison comparison = {.addresses = persona != -1 &&
                                                 (persona & ADDR_NO_RANDOMIZE) != 0};
    /* the kernel switches randomness on again for such a file */
    comparison.set_id = (launch->mode & (S_ISUID | S_ISGID)) != 0;
    comparison.addresses &= !comparison.set_id;
    struct tracee kernel, uexec;
    struct tracee_context context = {report, launch, self};
    /* stepping needs SIGTRAP: default and unblocked in both, whatever they inherit */
    sigset_t trap;
    sigemptyset(&trap);
    sigaddset(&trap, SIGTRAP);
    sigprocmask(SIG_UNBLOCK, &trap, NULL);
    signal(SIGTRAP, SIG_DFL);
    if (!tracee_start_both(&kernel, &uexec, &context, problem))
        return -1;
    comparison.leaves_registers = uexec.leaves_registers;
    bool read_both = process_read(&comparison.kernel, kernel.pid, comparison.addresses) &&
                     process_read(&comparison.uexec, uexec.pid, comparison.addresses);
    int error = errno;
    tracee_end(&kernel);
    tracee_end(&uexec);
    if (!read_both) {
        problem_usage(problem, "--compare: cannot read a process (%s)", message_errno(error));
        return -1;
    }
    if (!comparison.addresses) {
        put_kernels_last(&comparison.kernel.maps);
        put_kernels_last(&comparison.uexec.maps);
    }
    compare_maps(&comparison);
    compare_items(&comparison);
    if (report->json)
        print_json(report->style.out, launch, &comparison);
    else
        print_text(&report->style, launch, &comparison);
    if (!report_flush(report, problem))
        return -1;
    return comparison.unexplained == 0 ? 0 : 1;
}
