/* umaps PID: the layout of a live process. */
#include "names.h"
#include "symbol.h"
#include "tool.h"

#include "base/page.h"
#include "elf/names.h"
#include "inspect/json.h"
#include "inspect/provenance.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct options {
    pid_t pid;
    bool writable, executable, pages, json, has_at, watch;
    bool has_kind;
    enum mapping_kind kind;
    uint64_t at;
    double seconds; /* --watch */
    enum table_coloring coloring;
};

/* A process at one moment. */
struct view {
    struct maps maps;
    struct usage *usages; /* by entry */
    struct names names;
    struct provenance provenance;
    const struct options *options;
    const struct view *before; /* --watch: one interval ago; NULL: the first */
    int pagemap;               /* /proc/PID/pagemap; -1: not read */
    char program[4096];
    uint64_t break_start; /* 0: not known */
};

static void view_free(struct view *view)
{
    names_free(&view->names);
    provenance_free(&view->provenance);
    maps_free(&view->maps);
    free(view->usages);
    if (view->pagemap >= 0)
        close(view->pagemap);
    *view = (struct view){.pagemap = -1};
}

/* The name of the program's file; its thread's name where that may not be read (a kernel thread).
 */
static void read_program(struct view *view, pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(path, view->program, sizeof view->program - 1);
    if (length < 0) {
        snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
        char *text = maps_read_file(path, NULL);
        snprintf(view->program, sizeof view->program, "%s", text == NULL ? "" : text);
        length = (ssize_t)strcspn(view->program, "\n");
        free(text);
    }
    view->program[length] = '\0';
}

static int view_read(struct view *view, const struct options *options)
{
    char subject[24], path[64];
    *view = (struct view){.options = options, .pagemap = -1};
    snprintf(subject, sizeof subject, "%d", (int)options->pid);
    if (!maps_read_usage(&view->maps, &view->usages, options->pid)) {
        int error = errno;
        if (access("/proc/self/maps", R_OK) != 0)
            return tool_error(STATUS_UNUSABLE, NULL, "there is no /proc here: umaps reads it");
        errno = error;
        if (errno == ENOENT || errno == ESRCH)
            return tool_error(STATUS_NOT_FOUND, subject, "there is no such process");
        if (errno == EACCES || errno == EPERM)
            return tool_error(
                STATUS_UNUSABLE, subject,
                "cannot read /proc/%s/smaps (%s): it takes the process's user, or root", subject,
                strerror(errno));
        return tool_error(STATUS_UNUSABLE, subject, "cannot read /proc/%s/smaps (%s)", subject,
                          strerror(errno));
    }
    read_program(view, options->pid);
    if (view->maps.count == 0) {
        snprintf(path, sizeof path, "/proc/%d/status", (int)options->pid);
        char *status = maps_read_file(path, NULL);
        bool kernel = status != NULL && strstr(status, "\nState:\tZ") == NULL;
        free(status);
        return tool_error(STATUS_UNUSABLE, subject,
                          kernel ? "it has no address space: a thread of the kernel"
                                 : "it has ended, and has no address space");
    }
    view->break_start = maps_break_start(options->pid);
    names_read(&view->names, &view->maps, options->pid);
    provenance_add_libraries(&view->provenance, &view->maps);
    for (size_t i = 0; i < view->provenance.count; i++)
        if (strcmp(view->provenance.origins[i].image->name, view->program) == 0)
            view->provenance.origins[i].role = "program";
    if (options->pages) {
        snprintf(path, sizeof path, "/proc/%d/pagemap", (int)options->pid);
        view->pagemap = open(path, O_RDONLY | O_CLOEXEC);
    }
    return 0;
}

/* Keeps the entries that the options ask for; usage and names move with them. */
static void view_filter(struct view *view)
{
    const struct options *options = view->options;
    size_t kept = 0;
    for (size_t i = 0; i < view->maps.count; i++) {
        const struct mapping *mapping = &view->maps.entries[i];
        if ((options->writable && mapping->permissions[1] != 'w') ||
            (options->executable && mapping->permissions[2] != 'x') ||
            (options->has_kind && mapping_kind(mapping) != options->kind)) {
            if (i < view->names.count) {
                free(view->names.texts[i]);
                view->names.texts[i] = NULL;
            }
            continue;
        }
        view->maps.entries[kept] = *mapping;
        view->usages[kept] = view->usages[i];
        if (i < view->names.count && kept != i) {
            view->names.texts[kept] = view->names.texts[i];
            view->names.texts[i] = NULL;
        }
        kept++;
    }
    view->maps.count = kept;
}

static bool is_part(const struct options *options)
{
    return options->writable || options->executable || options->has_kind;
}

/* --pages: a strip, one column for two parts of the mapping: a half-block where a page of the part
 * is in memory. Returns the length. */
static size_t strip(const struct view *view, const struct mapping *mapping, char *text, size_t room)
{
    enum { COLUMNS = 32, PARTS = 2 * COLUMNS, CHUNK = 8192, BLOCK = 3 };
    static const char *const blocks[] = {"\xc2\xb7", "\xe2\x96\x8c", "\xe2\x96\x90",
                                         "\xe2\x96\x88"}; /* dot, left, right, full */
    const uint64_t present = (uint64_t)1 << 63, most = (uint64_t)1 << 36;
    uint64_t pages = (mapping->end - mapping->start) / ARCH_PAGE, resident = 0;
    bool part[PARTS] = {false};
    static uint64_t entries[CHUNK];
    if (view->pagemap < 0 || mapping->start >> 63 != 0 || mapping->end - mapping->start > most)
        return 0;
    size_t parts = pages < PARTS ? (size_t)pages : PARTS;
    for (uint64_t page = 0; page < pages;) {
        size_t want = pages - page < CHUNK ? (size_t)(pages - page) : CHUNK;
        ssize_t got = pread(view->pagemap, entries, want * sizeof *entries,
                            (off_t)((mapping->start / ARCH_PAGE + page) * sizeof *entries));
        if (got <= 0)
            return 0;
        for (size_t i = 0; i < (size_t)got / sizeof *entries; i++, page++) {
            if ((entries[i] & present) != 0) {
                resident++;
                part[page * parts / pages] = true;
            }
        }
    }
    size_t length = 0;
    for (size_t i = 0; i < parts && length + BLOCK + 40 < room; i += 2) {
        const char *block = blocks[(part[i] ? 1 : 0) + (i + 1 < parts && part[i + 1] ? 2 : 0)];
        length += (size_t)snprintf(text + length, room - length, "%s", block);
    }
    length += (size_t)snprintf(text + length, room - length, " %" PRIu64 " of %" PRIu64 " page%s",
                               resident, pages, pages == 1 ? "" : "s");
    return length;
}

static const char *name_of(const struct view *view, const struct mapping *mapping)
{
    size_t index = (size_t)(mapping - view->maps.entries);
    return index < view->names.count ? view->names.texts[index] : NULL;
}

/* Where the mapping comes from, without the strip. */
static size_t describe(const struct view *view, const struct mapping *mapping, char *text,
                       size_t room)
{
    const char *name = name_of(view, mapping);
    size_t length = name != NULL ? (size_t)snprintf(text, room, "%s", name)
                                 : provenance_text(&view->provenance, mapping, text, room);
    return length < room ? length : room - 1;
}

static void annotate(const struct mapping *mapping, void *context, char *text, size_t room)
{
    const struct view *view = context;
    size_t length = view->options->pages ? strip(view, mapping, text, room) : 0;
    if (length != 0 && length + 2 < room) {
        memcpy(text + length, "  ", 3);
        length += 2;
    }
    describe(view, mapping, text + length, room - length);
}

static const struct mapping *find(const struct maps *maps, uint64_t address)
{
    for (size_t i = 0; i < maps->count; i++)
        if (address >= maps->entries[i].start && address < maps->entries[i].end)
            return &maps->entries[i];
    return NULL;
}

/* --watch: how a row differs from the one that began at its address an interval ago. */
static const char *change_of(const struct view *view, size_t index)
{
    const struct mapping *mapping = &view->maps.entries[index];
    if (view->before == NULL)
        return "";
    const struct mapping *old = find(&view->before->maps, mapping->start);
    if (old == NULL || old->start != mapping->start || old->inode != mapping->inode)
        old = find(&view->before->maps, mapping->end - 1); /* a stack grows at its start */
    if (old == NULL || old->inode != mapping->inode)
        return "new";
    if (strcmp(old->permissions, mapping->permissions) != 0)
        return "perm";
    if (old->end - old->start != mapping->end - mapping->start)
        return "size";
    const struct usage *was = &view->before->usages[old - view->before->maps.entries];
    return was->resident != view->usages[index].resident ? "rss" : "";
}

static void value(size_t index, size_t column, void *context, char text[24])
{
    const struct view *view = context;
    const struct usage *usage = &view->usages[index];
    const uint64_t values[] = {usage->resident, usage->proportional, usage->dirty, usage->swapped};
    if (column == sizeof values / sizeof *values)
        snprintf(text, 24, "%s", change_of(view, index));
    else
        table_size(values[column], text);
}

static const char *const titles[] = {"rss", "pss", "dirty", "swap", "change"};
enum { USAGE_COLUMNS = 4 };

static void print_sums(const struct view *view, const struct table_style *style)
{
    struct usage sums = {0};
    char texts[USAGE_COLUMNS][24], line[160];
    for (size_t i = 0; i < view->maps.count; i++) {
        sums.resident += view->usages[i].resident;
        sums.proportional += view->usages[i].proportional;
        sums.dirty += view->usages[i].dirty;
        sums.swapped += view->usages[i].swapped;
    }
    snprintf(line, sizeof line, "in memory %s   proportional %s   dirty %s   swapped %s",
             table_size(sums.resident, texts[0]), table_size(sums.proportional, texts[1]),
             table_size(sums.dirty, texts[2]), table_size(sums.swapped, texts[3]));
    fprintf(style->out, "  ");
    table_wrap(style, 2, line);
}

static void print_removed(const struct view *view, const struct table_style *style)
{
    char range[40], size[24], name[64];
    for (size_t i = 0; view->before != NULL && i < view->before->maps.count; i++) {
        const struct mapping *old = &view->before->maps.entries[i];
        if (find(&view->maps, old->start) == NULL && find(&view->maps, old->end - 1) == NULL)
            fprintf(style->out, "  %s  %6s  %s  gone: %s\n",
                    table_range(old->start, old->end, range),
                    table_size(old->end - old->start, size), old->permissions,
                    table_name(old->name, 60, name));
    }
}

static void print_table(const struct view *view, const struct table_style *style)
{
    char line[4300], name[4096];
    struct table_mark mark = {view->break_start, "heap starts here (brk)"};
    struct table_columns columns = {titles, USAGE_COLUMNS + (view->options->watch ? 1 : 0), value};
    snprintf(line, sizeof line, "umaps: layout of %s, process %d, %zu mappings%s",
             table_clean(view->program, name, sizeof name), (int)view->options->pid,
             view->maps.count, is_part(view->options) ? " shown" : "");
    table_wrap(style, 2, line);
    fprintf(style->out, "\n");
    table_draw(style, &view->maps, &mark, view->break_start != 0 && !style->part, &columns,
               annotate, (void *)view);
    print_sums(view, style);
    print_removed(view, style);
}

static void print_json(const struct view *view)
{
    struct json json = {.out = stdout};
    char text[2048];
    json_begin_object(&json, NULL);
    json_write_string(&json, "schema", "umaps-layout");
    json_write_number(&json, "version", 1);
    json_write_number(&json, "pid", (uint64_t)view->options->pid);
    json_write_string(&json, "program", view->program);
    if (view->break_start == 0)
        json_write_null(&json, "heap_start");
    else
        json_write_hex(&json, "heap_start", view->break_start);
    json_begin_array(&json, "mappings");
    for (size_t i = 0; i < view->maps.count; i++) {
        const struct mapping *mapping = &view->maps.entries[i];
        const struct usage *usage = &view->usages[i];
        text[0] = '\0';
        provenance_text(&view->provenance, mapping, text, sizeof text);
        json_begin_object(&json, NULL);
        mapping_write(&json, mapping);
        json_write_string(&json, "device", mapping->device);
        json_write_number(&json, "inode", mapping->inode);
        json_write_string(&json, "from", text);
        if (name_of(view, mapping) == NULL)
            json_write_null(&json, "label");
        else
            json_write_string(&json, "label", name_of(view, mapping));
        json_write_number(&json, "resident", usage->resident);
        json_write_number(&json, "proportional", usage->proportional);
        json_write_number(&json, "dirty", usage->dirty);
        json_write_number(&json, "swapped", usage->swapped);
        if (view->options->watch)
            json_write_string(&json, "change", change_of(view, i));
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* The names of the sections and program headers that hold an address. */
static void print_image(const struct origin *origin, uint64_t address)
{
    const struct image *image = origin->image;
    uint64_t linked = address - image->bias, offset;
    char flags[4], name[4096];
    printf("  image    %s, bias 0x%" PRIx64 ", link-time address 0x%" PRIx64 "\n",
           table_clean(image->name, name, sizeof name), image->bias, linked);
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        if (phdr->p_type != PT_LOAD || linked < page_down(phdr->p_vaddr) ||
            linked >= page_up(phdr->p_vaddr + phdr->p_memsz))
            continue;
        elf_flags_text(phdr->p_flags, flags);
        printf("  header   LOAD[%zu] %s, 0x%" PRIx64 " + 0x%" PRIx64 " bytes, 0x%" PRIx64
               " of them at 0x%" PRIx64 " of the file%s\n",
               i, flags, phdr->p_vaddr, phdr->p_memsz, phdr->p_filesz, phdr->p_offset,
               linked < phdr->p_vaddr || linked >= phdr->p_vaddr + phdr->p_memsz
                   ? "; the address is in the page's rest"
               : linked >= phdr->p_vaddr + phdr->p_filesz ? "; the address is in bss"
                                                          : "");
    }
    for (size_t i = 0; i < origin->sections.count; i++) {
        const struct image_section *section = &origin->sections.entries[i];
        const Elf64_Shdr *header = &section->header;
        if ((header->sh_flags & SHF_ALLOC) == 0 || linked < header->sh_addr ||
            linked - header->sh_addr >= header->sh_size ||
            ((header->sh_flags & SHF_TLS) != 0 && header->sh_type == SHT_NOBITS))
            continue;
        printf("  section  %s+0x%" PRIx64 "\n", table_clean(section->name, name, sizeof name),
               linked - header->sh_addr);
    }
    const char *symbol = symbol_find(origin, address, &offset);
    if (symbol != NULL)
        printf("  symbol   %s+0x%" PRIx64 "\n", table_clean(symbol, name, sizeof name), offset);
}

/* --at=ADDRESS. */
static int print_at(const struct view *view, uint64_t address)
{
    char subject[24], range[40], size[24], name[4096], text[2048];
    const struct mapping *mapping = find(&view->maps, address), *below = NULL, *above = NULL;
    for (size_t i = 0; i < view->maps.count; i++) {
        if (view->maps.entries[i].end <= address)
            below = &view->maps.entries[i];
        else if (above == NULL && view->maps.entries[i].start > address)
            above = &view->maps.entries[i];
    }
    if (mapping == NULL) {
        snprintf(subject, sizeof subject, "%d", (int)view->options->pid);
        tool_error(1, subject,
                   "0x%" PRIx64 " is not mapped: a gap from 0x%" PRIx64 " to 0x%" PRIx64, address,
                   below == NULL ? 0 : below->end, above == NULL ? UINT64_MAX : above->start);
        return 1;
    }
    const struct usage *usage = &view->usages[mapping - view->maps.entries];
    printf("0x%" PRIx64 "\n  mapping  %s  %s  %s  %s\n", address,
           table_range(mapping->start, mapping->end, range),
           table_size(mapping->end - mapping->start, size), mapping->permissions,
           *mapping->name == '\0' ? "anonymous" : table_clean(mapping->name, name, sizeof name));
    if (mapping->inode != 0)
        printf("  file     0x%" PRIx64 " of inode %" PRIu64 " on %s\n",
               address - mapping->start + mapping->offset, mapping->inode, mapping->device);
    describe(view, mapping, text, sizeof text);
    if (*text != '\0')
        printf("  from     %s\n", table_clean(text, name, sizeof name));
    printf("  memory   %s in memory", table_size(usage->resident, size));
    printf(", %s dirty\n", table_size(usage->dirty, size));
    for (size_t i = 0; i < view->provenance.count; i++) {
        const struct origin *origin = &view->provenance.origins[i];
        const struct plan *plan = &origin->image->plan;
        if (address - origin->image->bias - plan->start < plan->span) {
            print_image(origin, address);
            break;
        }
    }
    return 0;
}

static int show(struct view *view)
{
    const struct options *options = view->options;
    struct table_style style = table_style_for(STDOUT_FILENO, options->coloring);
    style.out = stdout;
    style.part = is_part(options);
    if (options->has_at)
        return print_at(view, options->at);
    view_filter(view);
    if (options->json)
        print_json(view);
    else
        print_table(view, &style);
    return 0;
}

static int watch(const struct options *options)
{
    struct view views[2];
    struct timespec pause = {(time_t)options->seconds,
                             (long)((options->seconds - floor(options->seconds)) * 1e9)};
    bool terminal = isatty(STDOUT_FILENO) && !options->json;
    int status = view_read(&views[0], options);
    for (size_t round = 0; status == 0; round++) {
        struct view *now = &views[round % 2], *next = &views[(round + 1) % 2];
        if (terminal)
            printf("\033[H\033[2J\033[3J");
        status = show(now);
        if (fflush(stdout) != 0) {
            view_free(now);
            if (round > 0)
                view_free(next);
            break;
        }
        if (round > 0)
            view_free(next);
        nanosleep(&pause, NULL);
        status = view_read(next, options);
        next->before = now;
        if (status != 0) {
            view_free(now);
            status = kill(options->pid, 0) != 0 && errno == ESRCH ? 0 : status;
            break;
        }
    }
    return status;
}

static bool read_kind(const char *word, enum mapping_kind *kind)
{
    for (enum mapping_kind i = 0; i < MAPPING_KINDS; i++) {
        if (strcmp(word, i == MAPPING_KERNEL ? "kernel" : mapping_kind_name(i)) == 0) {
            *kind = i;
            return true;
        }
    }
    tool_error(STATUS_USAGE, NULL,
               "--kind=%s: not code, constants, data, anonymous, heap, stack or kernel", word);
    return false;
}

enum { AT = 256, KIND, WATCH, JSON, COLOR };

static bool read_options(struct options *options, int argc, char **argv)
{
    static const struct option list[] = {
        {"at", required_argument, NULL, AT},
        {"kind", required_argument, NULL, KIND},
        {"writable", no_argument, NULL, 'w'},
        {"executable", no_argument, NULL, 'x'},
        {"pages", no_argument, NULL, 'p'},
        {"watch", optional_argument, NULL, WATCH},
        {"json", no_argument, NULL, JSON},
        {"color", required_argument, NULL, COLOR},
        {0},
    };
    int option;
    while ((option = tool_option(argc, argv, ":wxp", list)) != -1) {
        char *end;
        switch (option) {
        case 'w':
            options->writable = true;
            break;
        case 'x':
            options->executable = true;
            break;
        case 'p':
            options->pages = true;
            break;
        case JSON:
            options->json = true;
            break;
        case AT:
            options->has_at = true;
            if (!tool_address(optarg, &options->at)) {
                tool_error(STATUS_USAGE, NULL, "--at=%s: not a hexadecimal address", optarg);
                return false;
            }
            break;
        case KIND:
            options->has_kind = true;
            if (!read_kind(optarg, &options->kind))
                return false;
            break;
        case WATCH:
            options->watch = true;
            options->seconds = optarg == NULL ? 1 : strtod(optarg, &end);
            if (optarg != NULL && (*optarg == '\0' || *end != '\0' || !(options->seconds >= 0.01) ||
                                   options->seconds > 86400)) {
                tool_error(STATUS_USAGE, NULL,
                           "--watch=%s: not a number of seconds (0.01 to 86400)", optarg);
                return false;
            }
            break;
        case COLOR:
            if (!tool_coloring(optarg, &options->coloring))
                return false;
            break;
        default:
            return false;
        }
    }
    if (optind != argc - 1) {
        if (optind == argc)
            tool_error(STATUS_USAGE, NULL, "no process: umaps PID, or umaps --help");
        else
            tool_error(STATUS_USAGE, NULL, "one process at a time (%s and %s): umaps --help",
                       argv[optind], argv[optind + 1]);
        return false;
    }
    if (!tool_pid(argv[optind], &options->pid)) {
        tool_error(STATUS_USAGE, argv[optind],
                   "neither a process's number nor a command: umaps --help lists the commands");
        return false;
    }
    return true;
}

int show_main(int argc, char **argv)
{
    struct options options = {0};
    if (!read_options(&options, argc, argv))
        return STATUS_USAGE;
    if (options.watch)
        return tool_finish(watch(&options));
    struct view view;
    int status = view_read(&view, &options);
    if (status == 0)
        status = show(&view);
    view_free(&view);
    return tool_finish(status);
}
