/* umaps report: one HTML page of a recording. Without scripts it shows the last layout; with them,
 * page/page.js replays the recording, which is in the page as JSON. */
#include "layout.h"
#include "page.h"
#include "tool.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The page's data: more is thinned. Page, style and script take some 40 KiB. */
enum { DATA_MOST = 4500000, FACTOR_MOST = 1 << 20 };

struct recording_file {
    char **lines; /* without their newlines; from malloc */
    size_t count, room;
    uint64_t bytes;
    size_t damaged; /* lines that are no JSON object: the recorder was killed in the middle */
    size_t left_out;
};

static bool add_line(struct recording_file *file, char *line, size_t length)
{
    if (file->count == file->room) {
        file->room = 2 * file->room + 1024;
        char **more = realloc(file->lines, file->room * sizeof *more);
        if (more == NULL)
            return false;
        file->lines = more;
    }
    file->lines[file->count++] = line;
    file->bytes += length + 2;
    return true;
}

static bool read_recording(struct recording_file *file, const char *name, struct problem *problem)
{
    FILE *in = layout_open(name, problem);
    char *line = NULL;
    size_t room = 0;
    if (in == NULL)
        return false;
    for (ssize_t length; (length = getline(&line, &room, in)) > 0; line = NULL, room = 0) {
        if (line[length - 1] == '\n')
            line[--length] = '\0';
        json_t *object = json_loadb(line, (size_t)length, 0, NULL);
        bool usable = json_is_object(object);
        if (file->count == 0 && strcmp(usable && json_is_string(json_object_get(object, "schema"))
                                           ? json_string_value(json_object_get(object, "schema"))
                                           : "",
                                       "umaps-recording") != 0) {
            json_decref(object);
            fclose(in);
            return problem_set(problem, "no recording: its first line has no \"schema\": "
                                        "\"umaps-recording\"");
        }
        if (file->count == 0 && json_integer_value(json_object_get(object, "version")) != 1) {
            json_int_t version = json_integer_value(json_object_get(object, "version"));
            json_decref(object);
            fclose(in);
            return problem_set(problem, "a recording of version %ld; this umaps reads version 1",
                               (long)version);
        }
        json_decref(object);
        if (!usable)
            file->damaged++;
        else if (!add_line(file, line, (size_t)length))
            return problem_usage(problem, "no memory");
    }
    bool failed = ferror(in) != 0;
    fclose(in);
    if (failed)
        return problem_set(problem, "cannot read it (%s)", strerror(EIO));
    return file->count > 0 || problem_set(problem, "the file is empty");
}

/* --- thinning --------------------------------------------------------------------------------- */

/* A process while its events are thinned. */
struct thinned {
    json_int_t process;
    struct space now, kept; /* all changes so far; those up to the last event that was kept */
    size_t skipped;         /* since then */
};

static json_t *hex_of(uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "0x%" PRIx64, value);
    return json_string(text);
}

static json_t *json_of(const struct change *change)
{
    static const char *const names[] = {"map", "unmap", "protect"};
    const struct region *region = &change->region;
    json_t *object = json_object();
    json_object_set_new(object, "change", json_string(names[change->kind]));
    json_object_set_new(object, "start", hex_of(region->start));
    json_object_set_new(object, "end", hex_of(region->end));
    if (change->kind != CHANGE_UNMAP)
        json_object_set_new(object, "permissions",
                            json_stringn(region->permissions, change->kind == CHANGE_MAP ? 4 : 3));
    if (change->kind == CHANGE_MAP) {
        json_object_set_new(object, "offset", hex_of(region->offset));
        json_object_set_new(object, "device", json_string(region->device));
        json_object_set_new(object, "inode", json_integer((json_int_t)region->inode));
        json_object_set_new(object, "name", json_string(region->name));
    }
    return object;
}

static void apply(struct space *space, const json_t *changes)
{
    size_t i;
    json_t *object;
    json_array_foreach(changes, i, object)
    {
        struct change change;
        const char *kind = json_string_value(json_object_get(object, "change"));
        if (kind == NULL || !layout_region(object, &change.region))
            continue;
        change.kind = *kind == 'm' ? CHANGE_MAP : *kind == 'u' ? CHANGE_UNMAP : CHANGE_PROTECT;
        space_apply(space, &change);
    }
}

/* The line of an event with the changes of those that were left out before it. */
static char *merged(json_t *event, struct thinned *thinned)
{
    static struct changes changes;
    changes_clear(&changes);
    space_compare(&thinned->kept, &thinned->now, &changes);
    json_t *array = json_array();
    for (size_t i = 0; i < changes.count; i++)
        json_array_append_new(array, json_of(&changes.entries[i]));
    json_object_set_new(event, "changes", array);
    json_object_set_new(event, "left_out", json_integer((json_int_t)thinned->skipped));
    space_free(&thinned->kept);
    space_copy(&thinned->kept, &thinned->now);
    thinned->skipped = 0;
    return json_dumps(event, JSON_COMPACT);
}

static struct thinned *thinned_of(json_int_t process)
{
    static struct thinned *all;
    static size_t count;
    for (size_t i = 0; i < count; i++)
        if (all[i].process == process)
            return &all[i];
    struct thinned *more = realloc(all, (count + 1) * sizeof *all);
    if (more == NULL)
        exit(tool_error(STATUS_USAGE, NULL, "no memory"));
    all = more;
    all[count] = (struct thinned){.process = process};
    return &all[count++];
}

/* Keeps each `factor`th call, with the changes of those between, and of the layouts that are no
 * beginnings only the last; residency likewise. */
static void thin(struct recording_file *file, size_t factor)
{
    size_t calls = 0, checkpoints = 0, kept = 1;
    uint64_t bytes = strlen(file->lines[0]);
    for (size_t i = 1; i < file->count; i++) {
        json_t *event = json_loads(file->lines[i], 0, NULL);
        const char *name = json_string_value(json_object_get(event, "event"));
        const char *when = json_string_value(json_object_get(event, "when"));
        struct thinned *thinned = thinned_of(json_integer_value(json_object_get(event, "process")));
        struct problem problem;
        bool keep = true;
        name = name == NULL ? "" : name;
        if (strcmp(name, "layout") == 0 && when != NULL &&
            (strcmp(when, "entry") == 0 || strcmp(when, "fork") == 0)) {
            layout_read(json_object_get(event, "mappings"), &thinned->now, &problem);
            space_free(&thinned->kept);
            space_copy(&thinned->kept, &thinned->now);
        } else if (strcmp(name, "resident") == 0 || (strcmp(name, "layout") == 0 && when != NULL &&
                                                     strcmp(when, "checkpoint") == 0)) {
            keep = checkpoints++ % (2 * factor) < 2;
        } else if (json_is_array(json_object_get(event, "changes"))) {
            apply(&thinned->now, json_object_get(event, "changes"));
            keep = calls++ % factor == 0 || strcmp(name, "exit_group") == 0;
            if (keep && thinned->skipped > 0) {
                char *line = merged(event, thinned);
                if (line != NULL) {
                    free(file->lines[i]);
                    file->lines[i] = line;
                }
            } else if (keep) {
                apply(&thinned->kept, json_object_get(event, "changes"));
            }
            thinned->skipped += !keep;
        }
        json_decref(event);
        if (keep) {
            bytes += strlen(file->lines[i]) + 2;
            file->lines[kept++] = file->lines[i];
        } else {
            free(file->lines[i]);
            file->left_out++;
        }
    }
    file->count = kept;
    file->bytes = bytes;
}

/* --- the page --------------------------------------------------------------------------------- */

/* Text in HTML; control characters become '?'. */
static void put_html(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, out);
        }
    }
}

/* JSON in a <script>: '<' may not be in it, because "</script>" and "<!--" end or change it. */
static void put_json(FILE *out, const char *line)
{
    for (; *line != '\0'; line++) {
        if (*line == '<')
            fputs("\\u003c", out);
        else
            fputc(*line, out);
    }
}

/* The last layout: a picture (a bar for each mapping, its height the logarithm of its size) and a
 * table, lowest at the bottom. */
static void put_static(FILE *out, const struct space *space)
{
    char size[24];
    enum { WIDTH = 560, UNIT = 3, LEAST = 14 };
    unsigned height = 0, y = 0;
    for (size_t i = 0; i < space->count; i++) {
        unsigned bits = 64 -
                        (unsigned)__builtin_clzll(space->entries[i].end - space->entries[i].start);
        height += LEAST + UNIT * (bits > 12 ? bits - 12 : 0) + 2;
        if (i > 0 && space->entries[i].start != space->entries[i - 1].end)
            height += LEAST + 2;
    }
    fprintf(out,
            "<section id=\"static\"><p class=\"dim\">The last layout. With scripts this page shows "
            "each step.</p>\n<svg width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\" role=\"img\" "
            "aria-label=\"The last layout, lowest address at the bottom\" font-size=\"11\" "
            "font-family=\"monospace\" fill=\"currentColor\">\n",
            WIDTH, height, WIDTH, height);
    for (size_t i = space->count; i-- > 0;) {
        const struct region *region = &space->entries[i];
        unsigned bits = 64 - (unsigned)__builtin_clzll(region->end - region->start);
        unsigned tall = LEAST + UNIT * (bits > 12 ? bits - 12 : 0);
        bool heap = strcmp(region->name, "[heap]") == 0;
        bool stack = strcmp(region->name, "[stack]") == 0;
        int hue = heap                      ? 300
                  : stack                   ? 190
                  : region->name[0] == '['  ? 230
                  : region->name[0] == '\0' ? 140
                                            : 30;
        const char *slash = strrchr(region->name, '/');
        fprintf(out,
                "<rect x=\"110\" y=\"%u\" width=\"%d\" height=\"%u\" fill=\"hsl(%d 50%% %d%%)\" "
                "fill-opacity=\"%s\" stroke=\"%s\"/><text x=\"4\" y=\"%u\">%012" PRIx64
                "</text><text x=\"116\" y=\"%u\">%s ",
                y, WIDTH - 112, tall, hue, region->permissions[1] == 'w' ? 50 : 70,
                memcmp(region->permissions, "---", 3) == 0 ? "0.15" : "0.8",
                region->permissions[1] == 'w' && region->permissions[2] == 'x' ? "#d40000" : "gray",
                y + tall - 3, region->start, y + 11, region->permissions);
        put_html(out, slash != NULL             ? slash + 1
                      : region->name[0] == '\0' ? "anonymous"
                                                : region->name);
        fprintf(out, " %s</text>\n", table_size(region->end - region->start, size));
        y += tall + 2;
        if (i > 0 && space->entries[i - 1].end != region->start) {
            fprintf(out, "<text x=\"116\" y=\"%u\" fill-opacity=\"0.6\">%s of nothing</text>\n",
                    y + 11, table_size(region->start - space->entries[i - 1].end, size));
            y += LEAST + 2;
        }
    }
    fprintf(out, "</svg>\n<table><caption>The last layout</caption><thead><tr><th>range</th>"
                 "<th>size</th><th>perm</th><th>mapping</th></tr></thead><tbody>\n");
    for (size_t i = space->count; i-- > 0;) {
        const struct region *region = &space->entries[i];
        fprintf(out,
                "<tr><td>0x%" PRIx64 "-0x%" PRIx64 "</td><td class=\"n\">%s</td><td>%s</td><td>",
                region->start, region->end, table_size(region->end - region->start, size),
                region->permissions);
        put_html(out, region->name[0] == '\0' ? "anonymous" : region->name);
        fprintf(out, "</td></tr>\n");
    }
    fprintf(out, "</tbody></table></section>\n");
}

static void put_page(FILE *out, const struct recording_file *file, const struct space *space)
{
    json_t *head = json_loads(file->lines[0], 0, NULL), *argument;
    const json_t *arguments = json_object_get(head, "arguments");
    const char *date = json_string_value(json_object_get(head, "date"));
    const char *kernel = json_string_value(json_object_get(head, "kernel"));
    const char *by = json_string_value(json_object_get(head, "by"));
    size_t i;
    fprintf(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n"
                 "<link rel=\"icon\" href=\"data:,\">\n<title>");
    put_html(out, json_string_value(json_array_get(arguments, 0)) == NULL
                      ? "umaps"
                      : json_string_value(json_array_get(arguments, 0)));
    fprintf(out, " - umaps</title>\n<style>\n%s</style></head>\n<body><header><h1>", page_css);
    json_array_foreach(arguments, i, argument)
    {
        if (i > 0)
            fputc(' ', out);
        if (json_is_string(argument))
            put_html(out, json_string_value(argument));
    }
    fprintf(out, "</h1><div class=\"dim\">The address space, recorded by umaps; started by ");
    put_html(out, by == NULL ? "?" : by);
    fprintf(out, ", Linux ");
    put_html(out, kernel == NULL ? "?" : kernel);
    fprintf(out, ", ");
    put_html(out, date == NULL ? "?" : date);
    fprintf(out, ". Low addresses are at the bottom.</div>");
    if (file->left_out > 0)
        fprintf(out,
                "<div class=\"dim\">The recording is long: %zu of its %zu events are left out, and "
                "their changes shown with the next one that is not.</div>",
                file->left_out, file->left_out + file->count - 1);
    if (file->damaged > 0)
        fprintf(out, "<div class=\"dim\">%zu line%s of the recording could not be read.</div>",
                file->damaged, file->damaged == 1 ? "" : "s");
    fprintf(out, "</header><main>\n%s", page_body);
    put_static(out, space);
    fprintf(out, "</main>\n<script type=\"application/json\" id=\"recording\">[");
    for (i = 0; i < file->count; i++) {
        if (i > 0)
            fputs(",\n", out);
        put_json(out, file->lines[i]);
    }
    fprintf(out, "]</script>\n<script>\n%s</script></body></html>\n", page_js);
    json_decref(head);
}

static int write_page(const char *input, const char *output)
{
    struct recording_file file = {0};
    struct space space = {0};
    struct problem problem;
    if (!read_recording(&file, input, &problem) || !layout_load(input, &space, &problem))
        return tool_problem(input, &problem);
    struct stat from, to;
    if (stat(input, &from) == 0 && stat(output, &to) == 0 && from.st_dev == to.st_dev &&
        from.st_ino == to.st_ino)
        return tool_error(STATUS_USAGE, output, "the page would overwrite the recording");
    for (size_t factor = 2; file.bytes > DATA_MOST && factor < FACTOR_MOST; factor *= 2)
        thin(&file, 2);
    FILE *out = fopen(output, "w");
    if (out == NULL)
        return tool_error(STATUS_USAGE, output, "cannot write (%s)", strerror(errno));
    put_page(out, &file, &space);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        return tool_error(STATUS_USAGE, output, "cannot write (%s)", strerror(errno));
    return 0;
}

static bool read_options(const char **output, int argc, char **argv, const char *letters)
{
    static const struct option list[] = {{"output", required_argument, NULL, 'o'}, {0}};
    for (int option; (option = tool_option(argc, argv, letters, list)) != -1;) {
        if (option != 'o')
            return false;
        *output = optarg;
    }
    return true;
}

int report_main(int argc, char **argv)
{
    const char *output = NULL;
    if (!read_options(&output, argc, argv, ":o:"))
        return STATUS_USAGE;
    if (argc - optind != 1 || output == NULL)
        return tool_error(STATUS_USAGE, NULL,
                          "report takes a recording and a page: umaps report FILE -o PAGE.html");
    return write_page(argv[optind], output);
}

/* Did the program start? */
static bool has_layout(const char *recording)
{
    struct space space = {0};
    struct problem problem;
    bool loaded = layout_load(recording, &space, &problem);
    space_free(&space);
    return loaded;
}

int html_main(int argc, char **argv)
{
    static const struct option list[] = {{"output", required_argument, NULL, 'o'},
                                         {"kernel", no_argument, NULL, 'k'},
                                         {"trace", required_argument, NULL, 't'},
                                         {"resident", required_argument, NULL, 'r'},
                                         {0}};
    const char *output = "umaps.html";
    char recording[] = "/tmp/umaps.XXXXXX", more[3][256];
    size_t count = 0;
    bool kernel = false;
    for (int option; (option = tool_option(argc, argv, "+:o:", list)) != -1;) {
        if (option == 'o')
            output = optarg;
        else if (option == 'k')
            kernel = true;
        else if (option == '?')
            return STATUS_USAGE;
        else if (count < 2) /* record's: it checks them */
            snprintf(more[count++], sizeof *more, "--%s=%s", option == 't' ? "trace" : "resident",
                     optarg);
    }
    if (kernel)
        strcpy(more[count++], "--kernel");
    if (optind == argc)
        return tool_error(STATUS_USAGE, NULL,
                          "no program: umaps html [-o PAGE.html] PROGRAM [ARG]...");
    int fd = mkstemp(recording);
    if (fd < 0)
        return tool_error(STATUS_USAGE, recording, "cannot write (%s)", strerror(errno));
    close(fd);
    pid_t child = fork();
    if (child == 0) {
        enum { WORDS = 4 + 3 + 1 };
        char **command = calloc((size_t)(argc - optind) + WORDS + 1, sizeof *command);
        if (command == NULL)
            _exit(STATUS_USAGE);
        const char *const words[] = {"record", "--follow", "-o", recording};
        size_t length = sizeof words / sizeof *words;
        memcpy(command, words, sizeof words);
        for (size_t i = 0; i < count; i++)
            command[length++] = more[i];
        command[length++] = (char *)"--";
        for (int i = optind; i < argc; i++)
            command[length++] = argv[i];
        optind = 0;
        exit(record_main((int)length, command));
    }
    int status = 0;
    signal(SIGINT, SIG_IGN); /* the program's */
    signal(SIGQUIT, SIG_IGN);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    int own = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), written = 0;
    if (child < 0)
        written = tool_error(STATUS_USAGE, NULL, "cannot start a process (%s)", strerror(errno));
    else if (has_layout(recording)) /* otherwise record has said why */
        written = write_page(recording, output);
    unlink(recording);
    return written != 0 ? written : own;
}
