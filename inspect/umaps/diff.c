/* umaps diff: two layouts compared. */
#include "layout.h"
#include "tool.h"

#include "inspect/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
    bool ignore_aslr, json;
    enum table_coloring coloring;
};

enum difference { DIFFERENCE_NONE, ADDED, REMOVED, MOVED, RESIZED, PROTECTION, DIFFERENCES };

static const char *const difference_names[] = {"same",  "added",   "removed",
                                               "moved", "resized", "protection"};
static const char *const difference_marks[] = {" ", "+", "-", ">", "~", "p"};

/* A region of A beside one of B; NULL: there is none. */
struct pair {
    const struct region *a, *b;
    enum difference kind;
    bool resized, protected; /* besides a move */
};

struct pairs {
    struct pair *entries;
    size_t count;
};

static uint64_t size_of(const struct region *region)
{
    return region->end - region->start;
}

static bool is_same_object(const struct region *a, const struct region *b)
{
    return a->name == b->name && a->offset == b->offset && (a->inode == 0) == (b->inode == 0);
}

/* The object that an anonymous region follows: with random addresses only that tells it from
 * others. */
static const char *object_below(const struct space *space, const struct region *region)
{
    while (region > space->entries && region->inode == 0 && region->name[0] == '\0')
        region--;
    return region->name;
}

/* How well two regions fit, 0: not at all. */
static int fit(const struct space *a, const struct region *in_a, const struct space *b,
               const struct region *in_b, bool ignore_aslr)
{
    if (!is_same_object(in_a, in_b))
        return 0;
    bool size = size_of(in_a) == size_of(in_b);
    bool permissions = memcmp(in_a->permissions, in_b->permissions, 4) == 0;
    if (!ignore_aslr && (in_a->start == in_b->start || in_a->end == in_b->end))
        return 8 + 2 * size + permissions;
    if (in_a->name[0] == '\0' && object_below(a, in_a) != object_below(b, in_b))
        return 0;
    if (!ignore_aslr && in_a->name[0] == '\0' && !size)
        return 0; /* unrelated memory */
    return 1 + 2 * size + 2 * permissions;
}

/* Pairs each region of A with the best of B that is free, best fits first. */
static void pair_up(struct pairs *pairs, const struct space *a, const struct space *b,
                    bool ignore_aslr)
{
    enum { BEST = 11 };
    bool *taken_a = calloc(a->count + 1, 1), *taken_b = calloc(b->count + 1, 1);
    pairs->entries = calloc(a->count + b->count + 1, sizeof *pairs->entries);
    if (taken_a == NULL || taken_b == NULL || pairs->entries == NULL)
        exit(tool_error(STATUS_USAGE, NULL, "no memory"));
    for (int quality = BEST; quality > 0; quality--) {
        size_t from = 0; /* both ascend: a region's partner is seldom far behind the last one's */
        for (size_t i = 0; i < a->count; i++) {
            if (taken_a[i])
                continue;
            for (size_t n = 0; n < b->count; n++) {
                size_t j = (from + n) % b->count;
                if (taken_b[j] || fit(a, &a->entries[i], b, &b->entries[j], ignore_aslr) != quality)
                    continue;
                taken_a[i] = taken_b[j] = true;
                from = j + 1;
                pairs->entries[pairs->count++] =
                    (struct pair){.a = &a->entries[i], .b = &b->entries[j]};
                break;
            }
        }
    }
    for (size_t i = 0; i < a->count; i++)
        if (!taken_a[i])
            pairs->entries[pairs->count++] = (struct pair){.a = &a->entries[i]};
    for (size_t j = 0; j < b->count; j++)
        if (!taken_b[j])
            pairs->entries[pairs->count++] = (struct pair){.b = &b->entries[j]};
    free(taken_a);
    free(taken_b);
}

static void classify(struct pair *pair, bool ignore_aslr)
{
    if (pair->a == NULL || pair->b == NULL) {
        pair->kind = pair->a == NULL ? ADDED : REMOVED;
        return;
    }
    pair->resized = size_of(pair->a) != size_of(pair->b);
    pair->protected = memcmp(pair->a->permissions, pair->b->permissions, 4) != 0;
    bool moved = !ignore_aslr && pair->a->start != pair->b->start && pair->a->end != pair->b->end;
    pair->kind = moved             ? MOVED
                 : pair->resized   ? RESIZED
                 : pair->protected ? PROTECTION
                                   : DIFFERENCE_NONE;
}

static int by_address(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    uint64_t first = (a->a != NULL ? a->a : a->b)->start;
    uint64_t second = (b->a != NULL ? b->a : b->b)->start;
    return (first > second) - (first < second);
}

static void print_text(const struct pairs *pairs, const struct options *options, const char *a,
                       const char *b)
{
    static const char *const colors[] = {"",         "\033[32m", "\033[31m",
                                         "\033[36m", "\033[33m", "\033[35m"};
    struct table_style style = table_style_for(STDOUT_FILENO, options->coloring);
    size_t counts[DIFFERENCES] = {0};
    char range[40], other[40], size[24], other_size[24], name[64];
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->entries[i];
        const struct region *region = pair->a != NULL ? pair->a : pair->b;
        counts[pair->kind]++;
        if (pair->kind == DIFFERENCE_NONE)
            continue;
        const char *color = style.color ? colors[pair->kind] : "";
        printf("%s%s %-10s  %s  %6s  %s  %s", color, difference_marks[pair->kind],
               difference_names[pair->kind], table_range(region->start, region->end, range),
               table_size(size_of(region), size), region->permissions,
               region->name[0] == '\0' ? "anonymous" : table_name(region->name, 48, name));
        const struct region *to = pair->a != NULL ? pair->b : NULL;
        if (to != NULL && pair->kind == MOVED)
            printf("  to %s", table_range(to->start, to->end, other));
        if (to != NULL && pair->resized)
            printf("  %s -> %s", table_size(size_of(region), size),
                   table_size(size_of(to), other_size));
        if (to != NULL && pair->protected)
            printf("  %s -> %s", region->permissions, to->permissions);
        printf("%s\n", table_plain(color));
    }
    printf("%s%s and %s: %zu the same", counts[DIFFERENCE_NONE] == pairs->count ? "" : "\n", a, b,
           counts[DIFFERENCE_NONE]);
    for (enum difference kind = ADDED; kind < DIFFERENCES; kind++)
        if (counts[kind] != 0)
            printf(", %zu %s", counts[kind], difference_names[kind]);
    printf("\n");
}

static void print_side(struct json *json, const char *name, const struct region *region)
{
    if (region == NULL) {
        json_write_null(json, name);
        return;
    }
    json_begin_object(json, name);
    json_write_hex(json, "start", region->start);
    json_write_hex(json, "end", region->end);
    json_write_string(json, "permissions", region->permissions);
    json_write_hex(json, "offset", region->offset);
    json_write_string(json, "name", region->name);
    json_end_object(json);
}

static void print_json(const struct pairs *pairs, const struct options *options)
{
    struct json json = {.out = stdout};
    json_begin_object(&json, NULL);
    json_write_string(&json, "schema", "umaps-diff");
    json_write_number(&json, "version", 1);
    json_write_bool(&json, "ignore_aslr", options->ignore_aslr);
    json_begin_array(&json, "differences");
    for (size_t i = 0; i < pairs->count; i++) {
        const struct pair *pair = &pairs->entries[i];
        if (pair->kind == DIFFERENCE_NONE)
            continue;
        json_begin_object(&json, NULL);
        json_write_string(&json, "difference", difference_names[pair->kind]);
        json_write_bool(&json, "resized", pair->resized);
        json_write_bool(&json, "protection", pair->protected);
        print_side(&json, "a", pair->a);
        print_side(&json, "b", pair->b);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

enum { IGNORE_ASLR = 256, JSON, COLOR };

int diff_main(int argc, char **argv)
{
    static const struct option list[] = {
        {"ignore-aslr", no_argument, NULL, IGNORE_ASLR},
        {"json", no_argument, NULL, JSON},
        {"color", required_argument, NULL, COLOR},
        {0},
    };
    struct options options = {0};
    struct space spaces[2] = {{0}, {0}};
    struct pairs pairs = {0};
    struct problem problem;
    for (int option; (option = tool_option(argc, argv, ":", list)) != -1;) {
        if (option == IGNORE_ASLR)
            options.ignore_aslr = true;
        else if (option == JSON)
            options.json = true;
        else if (option != COLOR || !tool_coloring(optarg, &options.coloring))
            return STATUS_USAGE;
    }
    if (argc - optind != 2)
        return tool_error(STATUS_USAGE, NULL,
                          "diff compares two layouts, not %d: umaps diff A B, each a process or a "
                          "file",
                          argc - optind);
    for (int i = 0; i < 2; i++)
        if (!layout_load(argv[optind + i], &spaces[i], &problem))
            return tool_problem(argv[optind + i], &problem);
    pair_up(&pairs, &spaces[0], &spaces[1], options.ignore_aslr);
    bool differ = false;
    for (size_t i = 0; i < pairs.count; i++) {
        classify(&pairs.entries[i], options.ignore_aslr);
        differ |= pairs.entries[i].kind != DIFFERENCE_NONE;
    }
    qsort(pairs.entries, pairs.count, sizeof *pairs.entries, by_address);
    if (options.json)
        print_json(&pairs, &options);
    else
        print_text(&pairs, &options, argv[optind], argv[optind + 1]);
    free(pairs.entries);
    space_free(&spaces[0]);
    space_free(&spaces[1]);
    return tool_finish(differ ? 1 : 0);
}
