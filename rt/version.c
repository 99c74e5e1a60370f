#include "version.h"

#include "base/problem.h"
#include "rules.h"

#include "allocate.h"
#include "fixed.h"

#include <string.h>

enum { INDEX = 0x7fff, HIDDEN = 0x8000, SEVERAL = 65536 };

/* One verdef or verneed, or one of its auxiliary entries: is it inside a segment? */
static bool inside(const struct object *object, const void *record, size_t size)
{
    return (uintptr_t)record % 4 == 0 && object_has(object, (uintptr_t)record, size, PF_R);
}

static bool text_at(const struct object *object, uint32_t offset, const char **text,
                    const char *what, struct problem *problem)
{
    if (offset >= object->symbols.strings_size)
        return problem_set(problem, "%s: string offset 0x%x is past the end of the table (0x%x)",
                           what, offset, object->symbols.strings_size);
    *text = object->symbols.strings + offset;
    return true;
}

/* Of the file's bytes, those from a table to the end of its segment. */
static size_t table_room(const struct object *object, const void *table)
{
    for (size_t i = 0; i < object->phnum; i++) {
        const Elf64_Phdr *phdr = &object->phdr[i];
        uintptr_t offset = (uintptr_t)table - object->bias - phdr->p_vaddr;
        if (phdr->p_type == PT_LOAD && offset < phdr->p_filesz)
            return phdr->p_filesz - offset;
    }
    return 0;
}

/* Calls `each` for every version that is defined or wanted. */
struct visit {
    bool (*each)(void *context, uint32_t index, const struct version *version,
                 struct problem *problem);
    void *context;
};

static bool visit_definitions(const struct object *object, const struct visit *visit,
                              struct problem *problem)
{
    const Elf64_Verdef *verdef = object->verdef;
    for (size_t i = 0; verdef != NULL && i < object->verdef_count; i++) {
        struct version version = {.name = NULL};
        if (!inside(object, verdef, sizeof *verdef))
            return problem_set(problem, "DT_VERDEF: entry %zu is not inside a readable segment", i);
        const Elf64_Verdaux *name = (const Elf64_Verdaux *)((uintptr_t)verdef + verdef->vd_aux);
        if (!inside(object, name, sizeof *name))
            return problem_set(problem, "DT_VERDEF: the name of entry %zu is not inside a segment",
                               i);
        if (!text_at(object, name->vda_name, &version.name, "DT_VERDEF", problem))
            return false;
        version.hash = verdef->vd_hash;
        /* the base: the file's own name, which is no version */
        if ((verdef->vd_flags & VER_FLG_BASE) == 0 &&
            !visit->each(visit->context, verdef->vd_ndx & INDEX, &version, problem))
            return false;
        if (verdef->vd_next == 0)
            break;
        verdef = (const Elf64_Verdef *)((uintptr_t)verdef + verdef->vd_next);
    }
    return true;
}

static bool visit_needs(const struct object *object, const struct visit *visit,
                        struct problem *problem)
{
    const Elf64_Verneed *verneed = object->verneed;
    /* entries may share one list of wanted versions: a few crafted entries could make a walk of
     * hours */
    size_t left = verneed == NULL ? 0 : table_room(object, verneed) / sizeof(Elf64_Vernaux);
    for (size_t i = 0; verneed != NULL && i < object->verneed_count; i++) {
        const char *file = NULL;
        if (!inside(object, verneed, sizeof *verneed))
            return problem_set(problem, "DT_VERNEED: entry %zu is not inside a readable segment",
                               i);
        if (!text_at(object, verneed->vn_file, &file, "DT_VERNEED", problem))
            return false;
        const Elf64_Vernaux *want = (const Elf64_Vernaux *)((uintptr_t)verneed + verneed->vn_aux);
        for (size_t j = 0; j < verneed->vn_cnt; j++) {
            struct version version = {.file = file};
            if (left-- == 0)
                return problem_set(
                    problem, "DT_VERNEED: it lists more versions than its segment has room for");
            if (!inside(object, want, sizeof *want))
                return problem_set(problem, "DT_VERNEED: version %zu of %s is not inside a segment",
                                   j, file);
            if (!text_at(object, want->vna_name, &version.name, "DT_VERNEED", problem))
                return false;
            version.hash = want->vna_hash;
            version.hidden = (want->vna_other & HIDDEN) != 0;
            version.weak = (want->vna_flags & VER_FLG_WEAK) != 0;
            if (!visit->each(visit->context, want->vna_other & INDEX, &version, problem))
                return false;
            if (want->vna_next == 0)
                break;
            want = (const Elf64_Vernaux *)((uintptr_t)want + want->vna_next);
        }
        if (verneed->vn_next == 0)
            break;
        verneed = (const Elf64_Verneed *)((uintptr_t)verneed + verneed->vn_next);
    }
    return true;
}

static bool find_highest(void *context, uint32_t index, const struct version *version,
                         struct problem *problem)
{
    uint32_t *highest = context;
    (void)version, (void)problem;
    if (index > *highest)
        *highest = index;
    return true;
}

/* The table that the second walk fills. The file may be written to between the two walks. */
struct filling {
    struct version *versions;
    uint32_t count;
};

static bool store(void *context, uint32_t index, const struct version *version,
                  struct problem *problem)
{
    const struct filling *filling = context;
    if (index >= filling->count)
        return problem_set(problem, "its versions change while they are read");
    filling->versions[index] = *version;
    return true;
}

bool version_decode(struct object *object, struct problem *problem)
{
    uint32_t highest = 1;
    struct visit measure = {find_highest, &highest};
    if (object->verneed == NULL && object->verdef == NULL)
        return true;
    if (!visit_definitions(object, &measure, problem) || !visit_needs(object, &measure, problem))
        return false;
    struct filling filling = {allocate((highest + 1) * sizeof(struct version)), highest + 1};
    if (filling.versions == NULL)
        return problem_set(problem, "no memory for %u versions", highest);
    object->symbols.version = filling.versions;
    object->symbols.version_count = filling.count;
    struct visit fill = {store, &filling};
    return visit_definitions(object, &fill, problem) && visit_needs(object, &fill, problem);
}

bool version_defined(const struct object *object, const struct version *wanted)
{
    for (uint32_t i = 0; i < object->symbols.version_count; i++) {
        const struct version *version = &object->symbols.version[i];
        if (version->name != NULL && version->file == NULL && version->hash == wanted->hash &&
            strcmp(version->name, wanted->name) == 0)
            return true;
    }
    return false;
}

static bool goes_by(const struct object *object, const char *name)
{
    const char *slash = strrchr(object->name, '/');
    return (object->soname != NULL && strcmp(object->soname, name) == 0) ||
           (object->asked_name != NULL && strcmp(object->asked_name, name) == 0) ||
           strcmp(slash == NULL ? object->name : slash + 1, name) == 0;
}

/* The dependency that a version is wanted of; NULL: none. */
static const struct object *find_definer(const struct object *object, const char *file)
{
    for (size_t i = 0; i < object->dependency_count; i++)
        if (goes_by(object->dependencies[i], file))
            return object->dependencies[i];
    return NULL;
}

bool version_check(const struct object *object, struct problem *problem)
{
    const struct object *definer = NULL;
    const char *file = NULL;
    if (!fixed.rules->versions)
        return true;
    for (uint32_t i = 0; i < object->symbols.version_count; i++) {
        const struct version *version = &object->symbols.version[i];
        if (version->name == NULL || version->file == NULL || version->weak)
            continue;
        if (version->file != file) /* that of the one before, as a rule */
            definer = find_definer(object, version->file);
        file = version->file;
        if (definer != NULL && definer->verdef != NULL && !version_defined(definer, version))
            return problem_set(problem, "%s: version %s is not defined by %s", object_title(object),
                               version->name, object_title(definer));
    }
    return true;
}
