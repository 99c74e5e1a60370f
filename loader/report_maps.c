/* --maps: what /proc/PID/maps says at hand-over, beside what was planned. */
#include "../inspect/json.h"
#include "../inspect/maps.h"
#include "message.h"
#include "report.h"
#include "zone.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What is needed to say where a mapping comes from. */
struct provenance {
    const struct launch *launch;
    const struct loading *loading;
    struct image_section *sections[2];
    size_t section_count[2];
};

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

/* The program headers and sections of one image that a mapping holds. */
static void annotate_image(const struct provenance *from, size_t i, const struct mapping *mapping,
                           char *text, size_t room, size_t *length)
{
    const struct loaded *images[2];
    report_images(from->launch, images);
    const struct loaded *loaded = images[i];
    size_t before = *length;
    for (size_t j = 0; j < loaded->plan.count; j++) {
        const struct plan_step *step = &loaded->plan.steps[j];
        uint64_t bytes = step->kind == PLAN_RESERVE ? step->keep : step->length;
        if (step->kind == PLAN_UNMAP || step->kind == PLAN_CLEAR || bytes == 0 ||
            !overlaps(mapping->start, mapping->end, step->address + loaded->bias, bytes))
            continue;
        append(text, room, length, "%s%s[%zu]%s", *length == before ? "" : " ",
               i == 0 ? "LOAD" : "interpreter LOAD", step->phdr,
               step->kind == PLAN_MAP_ZERO ? " bss" : "");
    }
    if (*length == before)
        return;
    const char *before_first = ":";
    for (size_t j = 0; j < from->section_count[i]; j++) {
        const struct image_section *section = &from->sections[i][j];
        if (!(section->tls && section->nobits) &&
            overlaps(mapping->start, mapping->end, section->address + loaded->bias,
                     section->size)) {
            append(text, room, length, "%s %s", before_first, section->name);
            before_first = "";
        }
    }
}

static void annotate(const struct mapping *mapping, void *context, char *text, size_t room)
{
    const struct provenance *from = context;
    size_t length = 0;
    for (size_t i = 0; i < (from->launch->has_interpreter ? 2 : 1); i++)
        annotate_image(from, i, mapping, text, room, &length);
    if (length == 0 && mapping_kind(mapping) == MAPPING_STACK)
        append(text, room, &length, "argv, envp, auxv; grows down");
    if (length == 0 && mapping_kind(mapping) == MAPPING_KERNEL)
        append(text, room, &length, "the kernel");
    if (length == 0 && strncmp(mapping->permissions, "---", 3) == 0)
        append(text, room, &length, "no access: a guard");
    if (length == 0 && mapping->start == ZONE_CODE)
        append(text, room, &length, "uexec: no place to return from was found, this page stays");
}

/* Is a planned range mapped as planned, all of it? */
static bool as_planned(const struct maps *maps, uint64_t start, uint64_t length, int protection)
{
    uint64_t end = start + length;
    for (size_t i = 0; i < maps->count && start < end; i++) {
        const struct mapping *mapping = &maps->entries[i];
        if (start < mapping->start || start >= mapping->end)
            continue;
        const char *permissions = mapping->permissions;
        if ((permissions[0] == 'r') != ((protection & PROT_READ) != 0) ||
            (permissions[1] == 'w') != ((protection & PROT_WRITE) != 0) ||
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
        for (size_t j = 0; j < images[i]->plan.count; j++) {
            const struct plan_step *step = &images[i]->plan.steps[j];
            uint64_t bytes = step->kind == PLAN_RESERVE ? step->keep : step->length;
            if (bytes == 0 || step->kind == PLAN_CLEAR || step->kind == PLAN_UNMAP)
                continue;
            ranges++;
            *wrong += !as_planned(maps, step->address + images[i]->bias, bytes, step->protection);
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
    const struct loaded *images[2];
    size_t count = report_images(from->launch, images), wrong;
    char name[4096], line[4300];
    struct table_mark marks[] = {
        {loading->break_start, "heap starts here (brk), empty as yet"},
        {loading->stack.sp, "stack pointer: argc"},
    };
    size_t ranges = check_plan(from->launch, maps, &wrong);
    snprintf(line, sizeof line, "uexec: layout of %s at hand-over, process %d, %zu mappings",
             table_clean(from->launch->execfn, name, sizeof name), pid, maps->count);
    table_wrap(style, 2, line);
    fprintf(style->out, "\n");
    table_draw(style, maps, marks, 2, annotate, (void *)from);
    for (size_t i = 0; i < count; i++) {
        snprintf(line, sizeof line, "%s, bias 0x%" PRIx64 ", entry 0x%" PRIx64,
                 table_clean(images[i]->image.name, name, sizeof name), images[i]->bias,
                 images[i]->plan.entry + images[i]->bias);
        fprintf(style->out, "  %-12s ", i == 0 ? "program" : "interpreter");
        table_wrap(style, 15, line);
    }
    if (wrong == 0)
        snprintf(line, sizeof line, "all %zu planned address ranges are mapped as planned", ranges);
    else
        snprintf(line, sizeof line, "%zu of %zu planned address ranges are not mapped as planned",
                 wrong, ranges);
    fprintf(style->out, "  %-12s %s\n\n", "plan", line);
}

static void print_json(const struct report *report, const struct provenance *from,
                       const struct maps *maps, int pid)
{
    struct json json = {.out = report->style.out};
    size_t wrong, ranges = check_plan(from->launch, maps, &wrong);
    const struct loaded *images[2];
    size_t count = report_images(from->launch, images);
    json_object(&json, NULL);
    json_string(&json, "schema", "uexec-maps");
    json_number(&json, "version", 1);
    json_string(&json, "program", from->launch->execfn);
    json_number(&json, "pid", (uint64_t)pid);
    json_hex(&json, "entry", from->loading->entry);
    json_hex(&json, "heap_start", from->loading->break_start);
    json_hex(&json, "stack_pointer", from->loading->stack.sp);
    json_number(&json, "planned_ranges", ranges);
    json_number(&json, "not_as_planned", wrong);
    json_array(&json, "images");
    for (size_t i = 0; i < count; i++) {
        json_object(&json, NULL);
        json_string(&json, "role", i == 0 ? "program" : "interpreter");
        json_string(&json, "path", images[i]->image.name);
        json_hex(&json, "bias", images[i]->bias);
        json_hex(&json, "entry", images[i]->plan.entry + images[i]->bias);
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
static void read_and_print(struct report *report, const struct provenance *from, int ready, int pid)
{
    struct maps maps;
    struct problem problem;
    char byte;
    ssize_t got;
    do
        got = read(ready, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
        return; /* the hand-over failed, and said so */
    if (!maps_read(&maps, pid)) {
        message(from->launch->execfn, "cannot read /proc/%d/maps (%s)", pid, message_errno(errno));
        return;
    }
    leave_out_handover(&maps, !from->loading->gadget_found);
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
    for (size_t i = 0; i < count; i++)
        from.section_count[i] = image_sections(&images[i]->image, &from.sections[i]);
    /* not a pipe: the hand-over's write must not raise SIGPIPE if the child is gone */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return problem_set(problem, STATUS_USAGE, "--maps: no socket pair (%s)",
                           message_errno(errno));
    /* no exit signal: wait(2) does not see this child, and no SIGCHLD comes */
    long child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child < 0)
        return problem_set(problem, STATUS_USAGE, "--maps: no process (%s)", message_errno(errno));
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
