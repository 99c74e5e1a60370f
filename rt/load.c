#include "load.h"

#include "allocate.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "decode.h"
#include "fixed.h"
#include "lookup.h"
#include "map.h"
#include "rules.h"
#include "search.h"
#include "trace.h"

#include <string.h>

size_t objects_added, objects_removed;
void (*object_listing)(const char *missing);
static struct object *last;

struct object *object_new(const char *name)
{
    struct object *object = allocate(sizeof *object);
    if (object == NULL)
        return NULL;
    object->name = allocate_text(name);
    if (object->name == NULL) {
        release(object);
        return NULL;
    }
    object->map.l_name = object->name;
    return object;
}

void object_append(struct object *object)
{
    object->map.l_addr = object->bias;
    object->map.l_ld = (Elf64_Dyn *)object->dynamic;
    object->map.l_prev = last == NULL ? NULL : &last->map;
    if (last != NULL)
        last->map.l_next = &object->map;
    last = object;
    objects_added++;
}

void object_discard(struct object *object)
{
    object_undecode(object);
    object_unmap(object);
    while (object->descriptors != NULL) {
        struct tlsdesc *descriptor = object->descriptors;
        object->descriptors = descriptor->next;
        release(descriptor);
    }
    release(object->dependencies);
    release(object->bound);
    release(object->scopes);
    scope_free(&object->group);
    release(object->asked_name);
    release(object->folder);
    release(object->name);
    release(object);
}

void object_drop(struct object *object, bool seen)
{
    if (object->map.l_prev != NULL)
        object->map.l_prev->l_next = object->map.l_next;
    if (object->map.l_next != NULL)
        object->map.l_next->l_prev = object->map.l_prev;
    if (last == object)
        last = (struct object *)object->map.l_prev;
    objects_removed++;
    for (struct object *other = fixed.program; other != NULL; other = object_next(other))
        if (other->parent == object)
            other->parent = NULL; /* its DT_RPATH is not used any more */
    if (!seen)
        object_discard(object);
}

struct object *object_at(const void *address)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if ((uintptr_t)address - object->start < object->span &&
            object_has(object, (uintptr_t)address, 1, 0))
            return object;
    return NULL;
}

/* Finds an object by the name that it was loaded by or, if the rules say so, by its DT_SONAME. */
static struct object *find_named(const char *name)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if ((object->asked_name != NULL && strcmp(object->asked_name, name) == 0) ||
            (fixed.rules->soname && object->soname != NULL && strcmp(object->soname, name) == 0))
            return object;
    return NULL;
}

static struct object *find_file(const struct search_result *file)
{
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        if (object->inode == file->inode && object->device == file->device && object->inode != 0)
            return object;
    return NULL;
}

/* Maps and decodes an open file. */
static struct object *load_file(const struct search_result *file, const char *name,
                                struct object *by, struct problem *problem)
{
    struct object *object = object_new(file->path);
    if (object == NULL ||
        (strchr(name, '/') == NULL && (object->asked_name = allocate_text(name)) == NULL)) {
        problem_set(problem, "%s: no memory", file->path);
        goto fail;
    }
    if (file->path[0] != '/') { /* the process may change its folder before $ORIGIN is used */
        char folder[4096];
        if (search_origin(object, folder, sizeof folder))
            object->folder = allocate_text(folder);
    }
    object->device = file->device;
    object->inode = file->inode;
    object->parent = by;
    if (!object_map(object, file->fd, &file->head, file->size, false, NULL, problem) ||
        !object_decode(object, problem)) {
        problem_blame(problem, file->path);
        goto fail;
    }
    object_append(object);
    trace(TRACE_SEARCH, "mapped",
          (FIELD_TEXT("object", object->name), FIELD_ADDRESS("start", object->start),
           FIELD_ADDRESS("end", object->start + object->span)),
          "%s: mapped at %#lx-%#lx", object->name, object->start, object->start + object->span);
    return object;
fail:
    if (object != NULL)
        object_discard(object);
    return NULL;
}

static struct object *load(const char *name, struct object *by, const char *verb, bool only_find,
                           struct problem *problem)
{
    bool plain = strchr(name, '/') == NULL, libc = plain && search_reserved(name);
    struct object *object = libc ? fixed.libc : plain ? find_named(name) : NULL;
    /* static: on the stack it would touch another page or two in every process */
    static __attribute__((section(".bss.~file"))) struct search_result file;
    if (object != NULL)
        return object;
    if (libc ? !search_open_libc(&file, by, problem) : !search_open(&file, name, by, verb, problem))
        return NULL;
    object = find_file(&file);
    /* from now on the name means this object */
    if (object != NULL && plain && object->asked_name == NULL && !fixed.rules->soname)
        object->asked_name = allocate_text(name);
    if (object == NULL && !only_find) {
        object = load_file(&file, name, by, problem);
        if (object != NULL && (libc || (object->soname != NULL && fixed.libc == NULL &&
                                        strcmp(object->soname, "libc.so") == 0))) {
            object->is_libc = true;
            fixed.libc = object;
        }
    }
    sys_call(SYS_close, file.fd);
    return object;
}

struct object *object_load(const char *name, struct object *by, const char *verb,
                           struct problem *problem)
{
    return load(name, by, verb, false, problem);
}

struct object *object_find(const char *name, struct object *by)
{
    struct problem problem;
    return load(name, by, "opened", true, &problem);
}

bool object_load_needed(struct object *first, struct problem *problem)
{
    for (struct object *object = first; object != NULL; object = object_next(object)) {
        size_t count = object->needed.count;
        if (count == 0 || object->dependencies != NULL)
            continue;
        object->dependencies = allocate(count * sizeof *object->dependencies);
        if (object->dependencies == NULL)
            return problem_set(problem, "%s: no memory", object_title(object));
        for (size_t i = 0; i < count; i++) {
            const char *name = ((const char *const *)object->needed.start)[i];
            struct object *dependency = object_load(name, object, "needed", problem);
            if (dependency == NULL && object_listing != NULL) {
                object_listing(name);
                continue;
            }
            if (dependency == NULL)
                return false;
            object->dependencies[object->dependency_count++] = dependency;
        }
    }
    return true;
}

bool object_group(struct object *object, struct scope *group)
{
    if (!scope_add(group, object))
        return false;
    for (size_t i = 0; i < group->count; i++)
        for (size_t j = 0; j < group->objects[i]->dependency_count; j++)
            if (!scope_add(group, group->objects[i]->dependencies[j]))
                return false;
    return true;
}
