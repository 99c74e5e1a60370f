#include "explain.h"

#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "decode.h"
#include "fixed.h"
#include "load.h"
#include "lookup.h"
#include "machine.h"
#include "map.h"
#include "rules.h"
#include "search.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The last part of an object's name. */
const char *explain_short_name(const struct object *object)
{
    const char *title = object_title(object), *slash = strrchr(title, '/');
    return slash == NULL ? title : slash + 1;
}

void explain_searched(struct problem *problem, const struct object *object)
{
    enum { MOST = 8 };
    size_t count = 0;
    problem_append(problem, "searched: ");
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *other = scope_global.objects[i];
        if (other == NULL || other == fixed.linker)
            continue;
        if (count < MOST)
            problem_append(problem, "%s%s", count == 0 ? "" : ", ", explain_short_name(other));
        count++;
    }
    for (size_t i = 0; i < object->scope_count; i++)
        for (size_t j = 0; object->scopes[i] != NULL && j < object->scopes[i]->count; j++) {
            const struct object *other = object->scopes[i]->objects[j];
            if (other->global || other->unused)
                continue;
            if (count < MOST)
                problem_append(problem, "%s%s", count == 0 ? "" : ", ", explain_short_name(other));
            count++;
        }
    if (count > MOST)
        problem_append(problem, " and %zu more", count - MOST);
}

/* musl's C library is the file of its linker. */
struct object *explain_libc_open(void)
{
    const char *path = fixed.interpreter;
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    struct problem problem;
    struct stat status = {0};
    struct map_head head;
    if (path == NULL || strcmp(slash == NULL ? path : slash + 1, ARCH_MUSL_LINKER) != 0)
        return NULL;
    long fd = sys_call(SYS_open, path, O_RDONLY | O_CLOEXEC, 0);
    struct object *object = fd < 0 ? NULL : object_new(path);
    bool done =
        object != NULL && sys_call(SYS_fstat, fd, &status) == 0 &&
        map_head_read(&head, (int)fd, &problem) &&
        object_map(object, (int)fd, &head, (uint64_t)status.st_size, false, NULL, &problem) &&
        object_decode(object, &problem);
    if (fd >= 0)
        sys_call(SYS_close, fd);
    if (done)
        return object;
    if (object != NULL)
        object_discard(object);
    return NULL;
}

/* For glibc, the version of a reference names the library that it is meant for. */
bool explain_libc_has(const struct object *libc, const struct reference *reference)
{
    const struct version *version = reference->version;
    if (libc != NULL)
        return lookup_object(libc, reference).object != NULL;
    return version != NULL && version->file != NULL && search_reserved(version->file) &&
           rules_of_glibc(fixed.interpreter);
}

/* A user who has not started uexec needs its name in front of the option. */
const char *explain_uexec(void)
{
    return fixed.told ? "" : "uexec ";
}

/* The edit distance of two names (Levenshtein), or `most` + 1 if it is larger than `most`. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length,
                         unsigned most)
{
    enum { LONGEST = 64 };
    unsigned row[LONGEST + 1];
    size_t gap = a_length > b_length ? a_length - b_length : b_length - a_length;
    if (gap > most || b_length > LONGEST)
        return most + 1;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        unsigned corner = row[0], least = row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_length; j++) {
            unsigned change = corner + (a[i - 1] != b[j - 1]);
            corner = row[j];
            unsigned shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < shift ? change : shift;
            if (row[j] < least)
                least = row[j];
        }
        if (least > most)
            return most + 1;
    }
    return row[b_length];
}

/* The defined symbol of the global scope with the nearest name, if that is near. */
static struct definition nearest(const struct reference *reference)
{
    unsigned best = reference->length < 6 ? 1 : reference->length < 12 ? 2 : 3;
    struct definition found = {NULL, NULL};
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        size_t count = object == NULL || object == fixed.linker ? 0 : object_symbol_count(object);
        for (size_t j = 1; j < count; j++) {
            const Elf64_Sym *symbol = &object->symbols.table[j];
            if (symbol->st_shndx == SHN_UNDEF || symbol->st_name >= object->symbols.strings_size ||
                ELF64_ST_BIND(symbol->st_info) == STB_LOCAL)
                continue;
            const char *name = object->symbols.strings + symbol->st_name;
            unsigned away = distance(reference->name, reference->length, name, strlen(name), best);
            if (away < best || (away == best && found.object == NULL)) {
                best = away;
                found = (struct definition){object, symbol};
            }
        }
    }
    return found;
}

void explain_near(struct problem *problem, const struct reference *reference)
{
    struct definition near = nearest(reference);
    if (near.object != NULL)
        problem_append(problem, "; near by name: %s in %s",
                       near.object->symbols.strings + near.symbol->st_name,
                       explain_short_name(near.object));
}

void explain_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem)
{
    problem_append(problem, "; ");
    explain_searched(problem, object);
    explain_near(problem, reference);
    struct object *libc = explain_libc_open();
    if (explain_libc_has(libc, reference))
        problem_append(problem, "; libc-min lacks it: %s--linker=interp has it", explain_uexec());
    if (libc != NULL)
        object_discard(libc);
    if (reference->call && object->bind_now && object_is_lazy(object, false))
        problem_append(problem,
                       "; bound now as asked for (LD_BIND_NOW, --bind=now, RTLD_NOW), not for a "
                       "call of it");
    text_printable(problem->text); /* what has been appended */
}
