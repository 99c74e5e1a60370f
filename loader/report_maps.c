/* --maps: what /proc/PID/maps says at hand-over, or when rt has linked all, beside what
 * was planned. */
#include "base/page.h"
#include "base/problem.h"
#include "inspect/json.h"
#include "inspect/maps.h"
#include "message.h"
#include "report.h"
#include "section.h"
#include "zone.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* An image that is mapped: the program, its interpreter, a library. */
struct part {
    const struct loaded *loaded;
    const char *role;  /* "program" ... */
    const char *label; /* in front of its program headers */
    struct image_section *sections;
    size_t section_count;
};

/* What is needed to say where a mapping comes from. */
struct provenance {
    const struct launch *launch;
    const struct loading *loading;
    struct part *parts; /* program, interpreter, libraries; from malloc */
    size_t count;
};

/* Does rt say when to look, all being linked by then?  Else the hand-over does. */
static bool is_linked(const struct launch *launch)
{
    return launch->handoff != NULL;
}

/* Bytes that a step maps for good; 0: it maps nothing. */
static uint64_t plan_mapped(const struct plan_step *step)
{
    if (step->kind == PLAN_CLEAR || step->kind == PLAN_UNMAP)
        return 0;
    return step->kind == PLAN_RESERVE ? step->keep : step->length;
}

static bool overlaps(uint64_t start, uint64_t end, uint64_t other, uint64_t length)
{
    return other < end && other + length > start;
}

/* Append to a text of bounded room. */
__attribute__((format(printf, 4, 5))) static void append(char *text, size_t room, size_t *length,
                                                         const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int more = vsnprintf(text + *length, room - *length, format, list);
    va_end(list);
    *length += (size_t)more;
    if (*length > room - 1) {
        *length = room - 1;
        memcpy(text + room - 4, "...", 4); /* thousands of sections: not all are named */
    }
}

/* Has the mapping bytes of the section, from a PT_LOAD that the section is in? */
static bool mapping_has(const struct loaded *loaded, const struct mapping *mapping,
                        const Elf64_Shdr *section)
{
    if (section->sh_size == 0 ||
        !overlaps(mapping->start, mapping->end, section->sh_addr + loaded->bias, section->sh_size))
        return false;
    for (size_t i = 0; i < loaded->image.header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &loaded->image.phdr[i];
        if (phdr->p_type == PT_LOAD && section_in_segment(section, phdr))
            return true;
    }
    return false;
}

/* The program headers and sections of one image that a mapping holds. */
static void annotate_part(const struct part *part, const struct mapping *mapping, char *text,
                          size_t room, size_t *length)
{
    const struct loaded *loaded = part->loaded;
    size_t before = *length;
    for (size_t j = 0; j < loaded->plan.count; j++) {
        const struct plan_step *step = &loaded->plan.steps[j];
        uint64_t bytes = plan_mapped(step);
        if (bytes == 0 ||
            !overlaps(mapping->start, mapping->end, step->address + loaded->bias, bytes))
            continue;
        append(text, room, length, "%s%sLOAD[%zu]%s", *length == before ? "" : " ", part->label,
               step->phdr, step->kind == PLAN_MAP_ZERO ? " bss" : "");
    }
    if (*length == before)
        return;
    const char *before_first = ":";
    for (size_t j = 0; j < part->section_count; j++) {
        const struct image_section *section = &part->sections[j];
        if (mapping_has(loaded, mapping, &section->header)) {
            append(text, room, length, "%s %s", before_first, section->name);
            before_first = "";
        }
    }
}

static void annotate(const struct mapping *mapping, void *context, char *text, size_t room)
{
    const struct provenance *from = context;
    size_t length = 0;
    for (size_t i = 0; i < from->count; i++)
        annotate_part(&from->parts[i], mapping, text, room, &length);
    if (length == 0 && mapping_kind(mapping) == MAPPING_STACK)
        append(text, room, &length, "argv, envp, auxv; grows down");
    if (length == 0 && mapping_kind(mapping) == MAPPING_KERNEL)
        append(text, room, &length, "the kernel");
    if (length == 0 && strncmp(mapping->permissions, "---", 3) == 0)
        append(text, room, &length, "no access: a guard");
    if (length == 0 && mapping->start == ZONE_CODE)
        append(text, room, &length, "uexec: no place to return from was found, this page stays");
}

/* --- libraries, which are not in the plan: rt has mapped them */

/* Where in the image's addresses a part of its file is; false: in no step. */
static bool address_of(const struct plan *plan, uint64_t offset, uint64_t *address)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_step *step = &plan->steps[i];
        bool of_file = step->kind == PLAN_MAP_FILE || step->kind == PLAN_RESERVE;
        if (of_file && offset >= step->offset && offset - step->offset < plan_mapped(step)) {
            *address = step->address + offset - step->offset;
            return true;
        }
    }
    return false;
}

/* Is an open file the one that is mapped?  Its name may have become another file's since.  A
 * mapping of it here is compared, and not fstat(2), which has other devices than the maps on some
 * file systems (overlayfs, btrfs). */
static bool is_mapped(const struct mapping *mapping, int fd)
{
    struct maps here;
    const void *at = mmap(NULL, ARCH_PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED || !maps_read(&here, getpid()))
        return false;
    for (size_t i = 0; i < here.count; i++)
        if (here.entries[i].start == (uintptr_t)at)
            return here.entries[i].inode == mapping->inode &&
                   strcmp(here.entries[i].device, mapping->device) == 0;
    return false;
}

/* Read a mapping's file as a library that begins there.  NULL: it is none, or it
 * cannot be read; the mapping then has no annotation. */
static struct loaded *read_library(const struct mapping *mapping)
{
    enum { HEAD = 1024 };
    struct problem problem;
    struct stat status;
    struct loaded *loaded = calloc(1, sizeof *loaded);
    char *head = calloc(1, HEAD);
    uint64_t address;
    int fd = open(mapping->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd < 0 || head == NULL ? -1 : pread(fd, head, HEAD, 0);
    if (loaded == NULL || got < 0 || fstat(fd, &status) != 0 || !is_mapped(mapping, fd))
        return NULL;
    loaded->image =
        (struct image){.name = mapping->name, .fd = fd, .file_size = (uint64_t)status.st_size};
    if (!image_read(&loaded->image, head, (size_t)got, &problem) ||
        !image_check(&loaded->image, IMAGE_LIBRARY, &problem) ||
        !plan_build(&loaded->plan, &loaded->image, &problem) ||
        !address_of(&loaded->plan, mapping->offset, &address))
        return NULL;
    loaded->bias = mapping->start - address;
    return loaded;
}

static void add_part(struct provenance *from, const struct loaded *loaded, const char *role)
{
    struct part *part = &from->parts[from->count];
    const char *slash = strrchr(loaded->image.name, '/');
    char *label = NULL;
    if (from->count >= 2 && asprintf(&label, "%s ", slash == NULL ? "" : slash + 1) < 0)
        return;
    *part = (struct part){
        .loaded = loaded,
        .role = role,
        .label = label != NULL      ? label
                 : from->count == 0 ? ""
                                    : "interpreter ",
    };
    part->section_count = image_sections(&loaded->image, &part->sections);
    from->count++;
}

/* A part for each library: a file that no part so far is mapped from. */
static void add_libraries(struct provenance *from, const struct maps *maps)
{
    struct part *more = realloc(from->parts, (from->count + maps->count) * sizeof *more);
    if (more == NULL)
        return;
    from->parts = more;
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        bool known = mapping->name[0] != '/';
        for (size_t j = 0; j < from->count && !known; j++) {
            const struct loaded *loaded = from->parts[j].loaded;
            known = overlaps(mapping->start, mapping->end, loaded->plan.start + loaded->bias,
                             loaded->plan.span);
        }
        const struct loaded *loaded = known ? NULL : read_library(mapping);
        if (loaded != NULL)
            add_part(from, loaded, "library");
    }
}

/* --- the plan, held against what is there */

/* What a linker makes read-only when it has relocated: PT_GNU_RELRO, in whole pages. */
struct range {
    uint64_t start, end;
};

static struct range relro_of(const struct loaded *loaded)
{
    struct range relro = {0, 0};
    for (size_t i = 0; i < loaded->image.header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &loaded->image.phdr[i];
        if (phdr->p_type == PT_GNU_RELRO) {
            relro.start = page_down(phdr->p_vaddr + loaded->bias);
            relro.end = page_up(phdr->p_vaddr + loaded->bias + phdr->p_memsz);
        }
    }
    return relro;
}

/* Is a planned range mapped as planned, all of it, but for what of it is in
 * `relro`, which need not be writable any more? */
static bool as_planned(const struct maps *maps, uint64_t start, uint64_t length, int protection,
                       struct range relro)
{
    uint64_t end = start + length;
    for (size_t i = 0; i < maps->count && start < end; i++) {
        const struct mapping *mapping = &maps->entries[i];
        if (start < mapping->start || start >= mapping->end)
            continue;
        const char *permissions = mapping->permissions;
        uint64_t part_end = mapping->end < end ? mapping->end : end;
        bool sealed = permissions[1] == '-' && start >= relro.start && part_end <= relro.end;
        if ((permissions[0] == 'r') != ((protection & PROT_READ) != 0) ||
            (!sealed && (permissions[1] == 'w') != ((protection & PROT_WRITE) != 0)) ||
            (permissions[2] == 'x') != ((protection & PROT_EXEC) != 0))
            return false;
        start = mapping->end;
    }
    return start >= end;
}

/* Hold the plan against what is there.  Returns the number of ranges; *wrong
 * counts those that differ. */
static size_t check_plan(const struct launch *launch, const struct maps *maps, size_t *wrong)
{
    const struct loaded *images[2];
    size_t count = report_images(launch, images), ranges = 0;
    *wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct range relro = {0, 0};
        if (is_linked(launch))
            relro = relro_of(images[i]);
        for (size_t j = 0; j < images[i]->plan.count; j++) {
            const struct plan_step *step = &images[i]->plan.steps[j];
            uint64_t bytes = plan_mapped(step);
            if (bytes == 0)
                continue;
            ranges++;
            *wrong +=
                !as_planned(maps, step->address + images[i]->bias, bytes, step->protection, relro);
        }
    }
    return ranges;
}

/* The hand-over's own memory is still there while the reader looks; it goes
 * with the last system call, all of it or all but its first page. */
static void leave_out_handover(struct maps *maps, bool stays)
{
    size_t kept = 0;
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        bool ours = mapping->start >= zone_start && mapping->end <= ZONE_END;
        if (!ours || (stays && mapping->start == ZONE_CODE))
            maps->entries[kept++] = *mapping;
    }
    maps->count = kept;
}

static void print_text(const struct report *report, const struct provenance *from,
                       const struct maps *maps, int pid)
{
    const struct table_style *style = &report->style;
    const struct loading *loading = from->loading;
    const bool linked = is_linked(from->launch);
    size_t wrong;
    char name[4096], line[4300];
    struct table_mark marks[] = {
        {loading->break_start,
         linked ? "heap starts here (brk)" : "heap starts here (brk), empty as yet"},
        {loading->stack.sp, "stack pointer: argc"},
    };
    size_t ranges = check_plan(from->launch, maps, &wrong);
    snprintf(line, sizeof line, "uexec: layout of %s %s, process %d, %zu mappings",
             table_clean(from->launch->execfn, name, sizeof name),
             linked ? "linked by ld-uexec.so.1, before the first constructor" : "at hand-over", pid,
             maps->count);
    table_wrap(style, 2, line);
    fprintf(style->out, "\n");
    table_draw(style, maps, marks, 2, annotate, (void *)from);
    for (size_t i = 0; i < from->count; i++) {
        const struct loaded *loaded = from->parts[i].loaded;
        int length = snprintf(line, sizeof line, "%s, bias 0x%" PRIx64,
                              table_clean(loaded->image.name, name, sizeof name), loaded->bias);
        if (loaded->plan.entry != 0)
            snprintf(line + length, sizeof line - (size_t)length, ", entry 0x%" PRIx64,
                     loaded->plan.entry + loaded->bias);
        fprintf(style->out, "  %-12s ", from->parts[i].role);
        table_wrap(style, 15, line);
    }
    if (wrong == 0)
        snprintf(line, sizeof line, "all %zu planned address ranges are mapped as planned", ranges);
    else
        snprintf(line, sizeof line, "%zu of %zu planned address ranges are not mapped as planned",
                 wrong, ranges);
    fprintf(style->out, "  %-12s ", "plan");
    table_wrap(style, 15, line);
    fprintf(style->out, "\n");
}

static void print_json(const struct report *report, const struct provenance *from,
                       const struct maps *maps, int pid)
{
    struct json json = {.out = report->style.out};
    size_t wrong, ranges = check_plan(from->launch, maps, &wrong);
    json_object(&json, NULL);
    json_string(&json, "schema", "uexec-maps");
    json_number(&json, "version", 1);
    json_string(&json, "program", from->launch->execfn);
    json_string(&json, "when", is_linked(from->launch) ? "linked" : "hand-over");
    json_number(&json, "pid", (uint64_t)pid);
    json_hex(&json, "entry", from->loading->entry);
    json_hex(&json, "heap_start", from->loading->break_start);
    json_hex(&json, "stack_pointer", from->loading->stack.sp);
    json_number(&json, "planned_ranges", ranges);
    json_number(&json, "not_as_planned", wrong);
    json_array(&json, "images");
    for (size_t i = 0; i < from->count; i++) {
        const struct loaded *loaded = from->parts[i].loaded;
        json_object(&json, NULL);
        json_string(&json, "role", from->parts[i].role);
        json_string(&json, "path", loaded->image.name);
        json_hex(&json, "bias", loaded->bias);
        if (loaded->plan.entry != 0) /* a library as a rule has none */
            json_hex(&json, "entry", loaded->plan.entry + loaded->bias);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_array(&json, "mappings");
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        char text[2048] = "";
        annotate(mapping, (void *)from, text, sizeof text);
        json_object(&json, NULL);
        json_hex(&json, "start", mapping->start);
        json_hex(&json, "end", mapping->end);
        json_number(&json, "size", mapping->end - mapping->start);
        json_string(&json, "permissions", mapping->permissions);
        json_hex(&json, "offset", mapping->offset);
        json_string(&json, "name", mapping->name);
        json_string(&json, "kind", mapping_kind_name(mapping_kind(mapping)));
        json_string(&json, "from", text);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* The child: wait for the byte, look, print. */
static void read_and_print(struct report *report, struct provenance *from, int ready, int pid)
{
    struct maps maps;
    struct problem problem;
    char byte;
    ssize_t got;
    do
        got = read(ready, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
        return; /* the hand-over failed, or rt's linking, and said so */
    if (!maps_read(&maps, pid)) {
        message(from->launch->execfn, "cannot read /proc/%d/maps (%s)", pid, message_errno(errno));
        return;
    }
    if (is_linked(from->launch))
        add_libraries(from, &maps);
    else
        leave_out_handover(&maps, !from->loading->exit_found);
    if (report->json)
        print_json(report, from, &maps, pid);
    else
        print_text(report, from, &maps, pid);
    if (!report_flush(report, &problem))
        message(from->launch->execfn, "%s", problem.text);
}

bool report_watch(struct report *report, const struct launch *launch, const struct loading *loading,
                  struct watch *watch, struct problem *problem)
{
    struct provenance from = {.launch = launch, .loading = loading};
    const struct loaded *images[2];
    size_t count = report_images(launch, images);
    int ends[2], pid = getpid();
    from.parts = calloc(count, sizeof *from.parts);
    if (from.parts == NULL)
        return problem_usage(problem, "--maps: no memory");
    for (size_t i = 0; i < count; i++)
        add_part(&from, images[i], i == 0 ? "program" : "interpreter");
    /* not a pipe: the hand-over's write must not raise SIGPIPE if the child is gone */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return problem_usage(problem, "--maps: no socket pair (%s)", message_errno(errno));
    /* no exit signal: wait(2) does not see this child, and no SIGCHLD comes */
    long child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child < 0)
        return problem_usage(problem, "--maps: no process (%s)", message_errno(errno));
    if (child == 0) {
        close(ends[1]);
        read_and_print(report, &from, ends[0], pid);
        _exit(0);
    }
    close(ends[0]);
    watch->ready = ends[1];
    watch->reader = (int)child;
    return true;
}
