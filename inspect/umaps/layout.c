#include "layout.h"

#include "base/page.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool layout_hex(const json_t *value, uint64_t *number)
{
    const char *text = json_string_value(value);
    return text != NULL && tool_address(text, number);
}

bool layout_region(const json_t *object, struct region *region)
{
    const char *permissions = json_string_value(json_object_get(object, "permissions"));
    const char *device = json_string_value(json_object_get(object, "device"));
    const char *name = json_string_value(json_object_get(object, "name"));
    json_t *inode = json_object_get(object, "inode"), *offset = json_object_get(object, "offset");
    *region = (struct region){.permissions = "---p"};
    if (!layout_hex(json_object_get(object, "start"), &region->start) ||
        !layout_hex(json_object_get(object, "end"), &region->end) || region->start >= region->end ||
        region->start % ARCH_PAGE != 0 || region->end % ARCH_PAGE != 0 ||
        (offset != NULL && !layout_hex(offset, &region->offset)))
        return false;
    if (permissions != NULL)
        memcpy(region->permissions, permissions, strnlen(permissions, 4));
    region->inode = (uint64_t)json_integer_value(inode);
    region->device = space_intern(device == NULL ? "" : device);
    region->name = space_intern(name == NULL ? "" : name);
    if (inode == NULL && region->name[0] == '/') /* uexec's report has no inodes */
        region->inode = 1;
    return true;
}

bool layout_read(const json_t *mappings, struct space *space, struct problem *problem)
{
    size_t i;
    json_t *object;
    if (!json_is_array(mappings))
        return problem_set(problem, "no array of mappings in it");
    space->count = 0;
    json_array_foreach(mappings, i, object)
    {
        struct region region;
        if (!layout_region(object, &region))
            return problem_set(problem, "mapping %zu: no range of pages", i);
        if (space->count > 0 && region.start < space->entries[space->count - 1].end)
            return problem_set(problem, "mapping %zu: not above the one before", i);
        if (region.start >> 63 == 0)
            space_append(space, &region, false);
    }
    return true;
}

static bool read_process(pid_t pid, struct space *space, struct problem *problem)
{
    struct maps maps;
    if (!maps_read(&maps, pid))
        return errno == ENOENT || errno == ESRCH
                   ? problem_not_found(problem, "there is no such process")
                   : problem_set(problem, "cannot read its maps (%s)", strerror(errno));
    space_read(space, &maps, false);
    maps_free(&maps);
    return space->count > 0 || problem_set(problem, "it has no address space");
}

/* The last layout of the process that the first one is of. */
static bool read_recording(FILE *file, struct space *space, struct problem *problem)
{
    char *line = NULL;
    size_t room = 0;
    json_int_t process = -1;
    json_t *last = NULL;
    while (getline(&line, &room, file) > 0) {
        if (strstr(line, "\"event\":\"layout\"") == NULL)
            continue;
        json_t *event = json_loads(line, 0, NULL);
        json_int_t of = json_integer_value(json_object_get(event, "process"));
        if (event != NULL && (process < 0 || process == of)) {
            process = of;
            json_decref(last);
            last = event;
        } else {
            json_decref(event);
        }
    }
    free(line);
    bool done =
        last == NULL
            ? problem_set(problem, "a recording without a layout: its program did not start")
            : layout_read(json_object_get(last, "mappings"), space, problem);
    json_decref(last);
    return done;
}

FILE *layout_open(const char *name, struct problem *problem)
{
    struct stat status;
    FILE *file = fopen(name, "r");
    if (file == NULL && errno == ENOENT)
        problem_not_found(problem, "there is no such file");
    else if (file == NULL)
        problem_set(problem, "cannot read it (%s)", strerror(errno));
    else if (fstat(fileno(file), &status) == 0 && S_ISDIR(status.st_mode)) {
        problem_set(problem, "cannot read it (%s)", strerror(EISDIR));
        fclose(file);
        file = NULL;
    }
    return file;
}

bool layout_load(const char *source, struct space *space, struct problem *problem)
{
    pid_t pid;
    json_error_t error;
    char *line = NULL;
    size_t room = 0;
    if (tool_pid(source, &pid))
        return read_process(pid, space, problem);
    FILE *file = layout_open(source, problem);
    if (file == NULL)
        return false;
    bool done = false;
    if (getline(&line, &room, file) > 0 && strstr(line, "\"umaps-recording\"") != NULL) {
        done = read_recording(file, space, problem);
    } else {
        rewind(file);
        json_t *root = json_loadf(file, 0, &error);
        if (root == NULL)
            problem_set(problem,
                        "neither a process, nor a recording, nor a layout in JSON (line %d: %s)",
                        error.line, error.text);
        else
            done = layout_read(json_object_get(root, "mappings"), space, problem);
        json_decref(root);
    }
    free(line);
    fclose(file);
    return done;
}
