/* --maps: the contents of /proc/PID/maps at the hand-over, or when rt has linked all, beside the
 * plan. */
#include "base/problem.h"
#include "inspect/json.h"
#include "inspect/maps.h"
#include "inspect/provenance.h"
#include "message.h"
#include "report.h"
#include "reserved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The input of the report. */
struct view {
    const struct launch *launch;
    const struct layout *layout;
    struct provenance provenance;
    size_t planned; /* of its origins, those that uexec has mapped: the first ones */
};

/* Does rt tell the reader when to read, after linking? Otherwise the hand-over does. */
static bool is_linked(const struct launch *launch)
{
    return launch->handoff != NULL;
}

static void annotate(const struct mapping *mapping, void *context, char *text, size_t room)
{
    const struct view *view = context;
    if (provenance_text(&view->provenance, mapping, text, room) == 0 &&
        mapping->start == reserved_code())
        snprintf(text, room, "uexec: no place to return from was found, this page stays");
}

/* The hand-over's own memory is still mapped while the reader reads. The last system call unmaps
 * it, wholly or except for its first page. */
static void leave_out_handover(struct maps *maps, bool stays)
{
    size_t kept = 0;
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        bool ours = mapping->start >= reserved_start && mapping->end <= reserved_end();
        if (!ours || (stays && mapping->start == reserved_code()))
            maps->entries[kept++] = *mapping;
    }
    maps->count = kept;
}

static void print_text(const struct report *report, const struct view *view,
                       const struct maps *maps, int pid)
{
    const struct table_style *style = &report->style;
    const struct layout *layout = view->layout;
    const bool linked = is_linked(view->launch);
    size_t wrong;
    char name[4096], line[4300];
    struct table_mark marks[] = {
        {layout->break_start,
         linked ? "heap starts here (brk)" : "heap starts here (brk), empty as yet"},
        {layout->stack.sp, "stack pointer: argc"},
    };
    size_t ranges =
        provenance_check(&view->provenance, view->planned, maps, is_linked(view->launch), &wrong);
    snprintf(line, sizeof line, "uexec: layout of %s %s, process %d, %zu mappings",
             table_clean(view->launch->execfn, name, sizeof name),
             linked ? "linked by ld-uexec.so.1, before the first constructor" : "at hand-over", pid,
             maps->count);
    table_wrap(style, 2, line);
    fprintf(style->out, "\n");
    table_draw(style, maps, marks, 2, NULL, annotate, (void *)view);
    for (size_t i = 0; i < view->provenance.count; i++) {
        const struct image *image = view->provenance.origins[i].image;
        int length = snprintf(line, sizeof line, "%s, bias 0x%" PRIx64,
                              table_clean(image->name, name, sizeof name), image->bias);
        if (image->plan.entry != 0)
            snprintf(line + length, sizeof line - (size_t)length, ", entry 0x%" PRIx64,
                     image->plan.entry + image->bias);
        fprintf(style->out, "  %-12s ", view->provenance.origins[i].role);
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

static void print_json(const struct report *report, const struct view *view,
                       const struct maps *maps, int pid)
{
    struct json json = {.out = report->style.out};
    size_t wrong, ranges = provenance_check(&view->provenance, view->planned, maps,
                                            is_linked(view->launch), &wrong);
    json_begin_object(&json, NULL);
    json_write_string(&json, "schema", "uexec-maps");
    json_write_number(&json, "version", 1);
    json_write_string(&json, "program", view->launch->execfn);
    json_write_string(&json, "when", is_linked(view->launch) ? "linked" : "hand-over");
    json_write_number(&json, "pid", (uint64_t)pid);
    json_write_hex(&json, "entry", view->layout->entry);
    json_write_hex(&json, "heap_start", view->layout->break_start);
    json_write_hex(&json, "stack_pointer", view->layout->stack.sp);
    json_write_number(&json, "planned_ranges", ranges);
    json_write_number(&json, "not_as_planned", wrong);
    json_begin_array(&json, "images");
    for (size_t i = 0; i < view->provenance.count; i++) {
        const struct image *image = view->provenance.origins[i].image;
        json_begin_object(&json, NULL);
        json_write_string(&json, "role", view->provenance.origins[i].role);
        json_write_string(&json, "path", image->name);
        json_write_hex(&json, "bias", image->bias);
        if (image->plan.entry != 0) /* a library usually has none */
            json_write_hex(&json, "entry", image->plan.entry + image->bias);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_begin_array(&json, "mappings");
    for (size_t i = 0; i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        char text[2048] = "";
        annotate(mapping, (void *)view, text, sizeof text);
        json_begin_object(&json, NULL);
        mapping_write(&json, mapping);
        json_write_string(&json, "from", text);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

/* The child: waits for the byte, reads, prints. */
static void read_and_print(struct report *report, struct view *view, int ready, int pid)
{
    struct maps maps;
    struct problem problem;
    char byte;
    ssize_t got;
    do
        got = read(ready, &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1)
        return; /* the hand-over or rt's linking failed, and reported that */
    if (!maps_read(&maps, pid)) {
        message(view->launch->execfn, "cannot read /proc/%d/maps (%s)", pid, message_errno(errno));
        return;
    }
    if (is_linked(view->launch))
        provenance_add_libraries(&view->provenance, &maps);
    else
        leave_out_handover(&maps, !view->layout->exit_found);
    if (report->json)
        print_json(report, view, &maps, pid);
    else
        print_text(report, view, &maps, pid);
    if (!report_flush(report, &problem))
        message(view->launch->execfn, "%s", problem.text);
}

bool report_watch(struct report *report, const struct launch *launch, const struct layout *layout,
                  struct watch *watch, struct problem *problem)
{
    struct view view = {.launch = launch, .layout = layout};
    bool added = provenance_add(&view.provenance, &launch->program, "program", "") &&
                 (!launch->has_interpreter || provenance_add(&view.provenance, &launch->interpreter,
                                                             "interpreter", "interpreter "));
    int ends[2], pid = getpid();
    if (!added)
        return problem_usage(problem, "--maps: no memory");
    view.planned = view.provenance.count;
    /* a socket, because a write to a pipe whose child has ended would raise SIGPIPE */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return problem_usage(problem, "--maps: no socket pair (%s)", message_errno(errno));
    /* no exit signal: wait(2) does not see this child, and the kernel sends no SIGCHLD */
    long child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child < 0)
        return problem_usage(problem, "--maps: no process (%s)", message_errno(errno));
    if (child == 0) {
        close(ends[1]);
        read_and_print(report, &view, ends[0], pid);
        _exit(0);
    }
    close(ends[0]);
    watch->ready = ends[1];
    watch->reader = (int)child;
    return true;
}
