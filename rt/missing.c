#include "missing.h"

#include "ahead.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "index.h"
#include "load.h"
#include "map.h"
#include "relocate.h"
#include "rules.h"
#include "search.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct missing_context missing_context;

/* Does a relocation refer to an undefined symbol that some object has to define? */
static bool has_to_be_found(const struct object *object, const Elf64_Rela *rela)
{
    const struct symbols *symbols = &object->symbols;
    uint32_t index = (uint32_t)ELF64_R_SYM(rela->r_info);
    if (index == STN_UNDEF || index >= symbols->limit)
        return false;
    const Elf64_Sym *symbol = &symbols->table[index];
    return !lookup_own(symbol) && ELF64_ST_BIND(symbol->st_info) != STB_WEAK;
}

/* `ahead`: what ahead_look() has found for it, or NULL. */
static bool is_missing(const struct object *object, const Elf64_Rela *rela,
                       const struct ahead_name *ahead, struct reference *reference)
{
    if (!has_to_be_found(object, rela))
        return false;
    *reference = lookup_reference(object, (uint32_t)ELF64_R_SYM(rela->r_info));
    reference->call = ELF64_R_TYPE(rela->r_info) == R_X86_64_JUMP_SLOT;
    if (ahead != NULL && ahead->object != NULL &&
        lookup_matches(ahead->object, ahead->symbol, reference))
        return false;
    struct definition found = lookup(object, reference, NULL);
    return found.symbol == NULL;
}

bool missing_slots(void)
{
    struct ahead_name window[AHEAD];
    struct reference reference;
    bool indexed = scope_global.index != NULL;
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        const Elf64_Rela *jump = object->jump.start;
        if (object->state != OBJECT_MAPPED || !object_is_lazy(object, false))
            continue;
        for (size_t slot = 0; slot < object->jump.count; slot++) {
            if (indexed && slot % AHEAD == 0)
                ahead_look(object, jump + slot, object->jump.count - slot, window);
            if (is_missing(object, jump + slot, indexed ? &window[slot % AHEAD] : NULL, &reference))
                return true;
        }
    }
    return false;
}

/* Those found so far, for one line. */
enum { NAMES_MOST = 24 };
struct missing {
    struct {
        struct reference reference;
        const struct object *by;
    } names[NAMES_MOST];
    size_t count; /* of all, those that do not fit too */
    size_t calls; /* of them, those of which only a slot of a PLT is known that may be lazy */
};

static void missing_add(struct missing *missing, const struct reference *reference,
                        const struct object *by)
{
    for (size_t i = 0; i < missing->count && i < NAMES_MOST; i++)
        if (strcmp(missing->names[i].reference.name, reference->name) == 0)
            return;
    if (missing->count < NAMES_MOST) {
        missing->names[missing->count].reference = *reference;
        missing->names[missing->count].by = by;
    }
    missing->count++;
    missing->calls += reference->call && object_is_lazy(by, false);
}

static void collect(struct missing *missing, const struct object *object, const struct table *table,
                    size_t from)
{
    const Elf64_Rela *rela = table->start;
    struct reference reference;
    for (size_t i = from; i < table->count; i++)
        if (is_missing(object, &rela[i], NULL, &reference))
            missing_add(missing, &reference, object);
}

/* The last part of an object's name. */
static const char *short_name(const struct object *object)
{
    const char *title = object_title(object), *slash = strrchr(title, '/');
    return slash == NULL ? title : slash + 1;
}

static void append_searched(struct problem *problem, const struct object *object)
{
    enum { MOST = 8 };
    size_t count = 0;
    problem_append(problem, "searched: ");
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *other = scope_global.objects[i];
        if (other == NULL || other == object_linker)
            continue;
        if (count < MOST)
            problem_append(problem, "%s%s", count == 0 ? "" : ", ", short_name(other));
        count++;
    }
    for (size_t i = 0; i < object->scope_count; i++)
        for (size_t j = 0; object->scopes[i] != NULL && j < object->scopes[i]->count; j++) {
            const struct object *other = object->scopes[i]->objects[j];
            if (other->global || other->doomed)
                continue;
            if (count < MOST)
                problem_append(problem, "%s%s", count == 0 ? "" : ", ", short_name(other));
            count++;
        }
    if (count > MOST)
        problem_append(problem, " and %zu more", count - MOST);
}

/* The C library of the program's own linker, mapped to be looked into: musl's is its linker's file.
 * NULL: not known, or not to be had. */
static struct object *own_libc_open(void)
{
    const char *path = missing_context.interpreter;
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    struct problem problem;
    struct stat status = {0};
    struct map_head head;
    if (path == NULL || strcmp(slash == NULL ? path : slash + 1, SEARCH_MUSL_LINKER) != 0)
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

/* Is a name that was not found one that the program's own C library has? Of glibc, a version says
 * whose name it is meant to be. */
static bool own_libc_has(const struct object *libc, const struct reference *reference)
{
    const struct version *version = reference->version;
    if (libc != NULL)
        return lookup_object(libc, reference).object != NULL;
    return version != NULL && version->file != NULL && search_reserved(version->file) &&
           rules_of_glibc(missing_context.interpreter);
}

/* "--linker=interp", as it is said to who has not started uexec. */
static const char *uexec_word(void)
{
    return missing_context.told ? "" : "uexec ";
}

static void append_help(const struct missing *missing, struct problem *problem)
{
    struct object *libc = own_libc_open();
    size_t known = 0, listed = missing->count < NAMES_MOST ? missing->count : NAMES_MOST;
    for (size_t i = 0; i < listed; i++)
        known += own_libc_has(libc, &missing->names[i].reference);
    if (known > 0)
        problem_append(problem, "; libc-min lacks %s: %s--linker=interp has %s",
                       known < listed ? "some of them"
                       : listed == 1  ? "it"
                                      : "them",
                       uexec_word(), listed == 1 ? "it" : "them");
    if (missing->calls == missing->count)
        problem_append(problem, "; %s--bind=lazy starts without, until one is called",
                       uexec_word());
    if (libc != NULL)
        object_discard(libc);
}

/* Letters of two names that differ (Levenshtein), or `most` + 1 if they are more than that. */
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

/* The defined symbol of the global scope whose name is nearest, if it is near. */
static struct definition nearest(const struct reference *reference)
{
    unsigned best = reference->length < 6 ? 1 : reference->length < 12 ? 2 : 3;
    struct definition found = {NULL, NULL};
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        size_t count = object == NULL || object == object_linker ? 0 : object_symbol_count(object);
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

static void append_near(struct problem *problem, const struct reference *reference)
{
    struct definition near = nearest(reference);
    if (near.object != NULL)
        problem_append(problem, "; near by name: %s in %s",
                       near.object->symbols.strings + near.symbol->st_name,
                       short_name(near.object));
}

bool missing_all(bool help, struct problem *problem)
{
    struct missing missing = {.count = 0};
    for (size_t i = 0; i < scope_global.count; i++) {
        const struct object *object = scope_global.objects[i];
        collect(&missing, object, &object->rela, object->relative_count);
        collect(&missing, object, &object->jump, 0);
    }
    problem_set(problem, "%zu %s not defined: ", missing.count,
                missing.count == 1 ? "symbol is" : "symbols are");
    for (size_t i = 0; i < missing.count && i < NAMES_MOST; i++) {
        problem_append(problem, "%s%s", i == 0 ? "" : ", ", missing.names[i].reference.name);
        bool last = i + 1 == missing.count || i + 1 == NAMES_MOST ||
                    missing.names[i + 1].by != missing.names[i].by;
        if (last)
            problem_append(problem, " (for %s)", short_name(missing.names[i].by));
    }
    if (missing.count > NAMES_MOST)
        problem_append(problem, " and %zu more", missing.count - NAMES_MOST);
    problem_append(problem, "; ");
    append_searched(problem, object_program);
    if (help && missing.count == 1)
        append_near(problem, &missing.names[0].reference);
    if (help)
        append_help(&missing, problem);
    struct problem inner = *problem;
    return problem_set(problem, "%s", inner.text); /* made printable */
}

void missing_explain(const struct object *object, const struct reference *reference,
                     struct problem *problem)
{
    problem_append(problem, "; ");
    append_searched(problem, object);
    append_near(problem, reference);
    struct object *libc = own_libc_open();
    if (own_libc_has(libc, reference))
        problem_append(problem, "; libc-min lacks it: %s--linker=interp has it", uexec_word());
    if (libc != NULL)
        object_discard(libc);
    if (reference->call && object->bind_now && object_is_lazy(object, false))
        problem_append(problem,
                       "; bound now as asked for (LD_BIND_NOW, --bind=now, RTLD_NOW), not for a "
                       "call of it");
    text_printable(problem->text); /* what has been appended */
}
