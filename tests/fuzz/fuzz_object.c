/* What rt does with a library that it is given: map, decode, check versions, look names up,
 * relocate.
 *
 * The input is a file, mapped as object_map() maps it: what is read outside the image faults.
 * Looked for besides:
 *  - a refusal has one line of text, and nothing stays mapped
 *  - what a lookup finds without the merged index (index.c) it finds with it; it may find more
 * there, because a wrong Bloom filter or bucket hides a name from the one and not from the other
 *  - a definition is a symbol of the table, by the name that was asked for
 */
#include "arch.h"
#include "base/syscall.h"
#include "rt/allocate.h"
#include "rt/decode.h"
#include "rt/end.h"
#include "rt/explain.h"
#include "rt/gnu_hash.h"
#include "rt/ifunc.h"
#include "rt/lazy.h"
#include "rt/map.h"
#include "rt/relocate.h"
#include "rt/symbol_index.h"
#include "rt/tls.h"
#include "rt/unique.h"
#include "rt/version.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

struct fixed fixed;

/* rt's memory, watched by the sanitizer. */
void *allocate(size_t size)
{
    return calloc(1, size);
}
void release(void *block)
{
    free(block);
}
void *allocate_grown(const void *block, size_t count, size_t room)
{
    void **grown = calloc(room, sizeof *grown);
    if (grown != NULL && count > 0)
        memcpy(grown, block, count * sizeof *grown);
    return grown;
}

/* What is machine code of rt's, and must not be called for an input. */
bool ifunc_choose(uintptr_t resolver, uintptr_t *choice)
{
    *choice = resolver;
    return true;
}
void arch_ifunc_trap(void)
{
}
/* Looks into files that the input does not name. */
void explain_undefined(const struct object *object, const struct reference *reference,
                       struct problem *problem)
{
    (void)object, (void)reference, (void)problem;
}
uintptr_t arch_resolver_call(uintptr_t resolver)
{
    return resolver;
}
void arch_resolve(void)
{
}
void arch_resolve_traced(void)
{
}
void arch_tlsdesc_static(void)
{
}
void arch_tlsdesc_dynamic(void)
{
}
void arch_tlsdesc_undefined(void)
{
}

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

_Noreturn void problem_end(const struct problem *problem)
{
    (void)problem;
    abort();
}

/* One line, and not empty. */
static void check_text(const struct problem *problem)
{
    CHECK(problem->text[0] != '\0' && strchr(problem->text, '\n') == NULL);
    CHECK(memchr(problem->text, '\0', sizeof problem->text) != NULL);
}

static void check_definition(const struct definition *found, const struct object *object,
                             const struct reference *reference)
{
    if (found->object == NULL)
        return;
    const struct symbols *symbols = &found->object->symbols;
    CHECK(found->object == object);
    CHECK(found->symbol >= symbols->table && found->symbol < symbols->table + symbols->limit);
    CHECK(strcmp(symbols->strings + found->symbol->st_name, reference->name) == 0);
}

/* Each symbol's name, looked up as its object would, with the index and without. */
static void look_up(struct object *object)
{
    struct symbol_index *index = scope_global.index;
    size_t count = object_symbol_count(object);
    for (size_t i = 1; i < count && i < 100; i++) {
        struct reference reference = lookup_reference(object, (uint32_t)i);
        for (int pass = 0; pass < 2; pass++) {
            reference.call = pass;
            reference.newest = pass;
            struct definition direct = lookup_object(object, &reference);
            check_definition(&direct, object, &reference);
            scope_global.index = NULL;
            struct definition without = lookup(object, &reference, NULL);
            scope_global.index = index;
            struct definition with = lookup(object, &reference, NULL);
            CHECK(direct.symbol == without.symbol);
            check_definition(&with, object, &reference);
            CHECK(without.symbol == NULL || with.symbol != NULL);
        }
    }
}

static void use(struct object *object)
{
    struct problem problem;
    struct object *self[1] = {object};
    object->dependencies = self;
    object->dependency_count = 1;
    if (!version_check(object, &problem))
        check_text(&problem);
    object->permanent = true;
    CHECK(scope_add(&scope_global, object));
    scope_index(&scope_global, 1000000);
    look_up(object);
    bool added = tls_add(object, true, &problem);
    if (!added)
        check_text(&problem);
    if (added && (!object_relocate(object, true, &problem) || !ifunc_settle(object, &problem)))
        check_text(&problem);
    if (object->tls_module != 0)
        tls_remove(object);
    if (scope_global.index != NULL)
        munmap(scope_global.index,
               sizeof *scope_global.index + (scope_global.index->mask + 1) * sizeof(uint64_t));
    scope_free(&scope_global);
    unique_forget(object);
    while (object->descriptors != NULL) {
        struct tlsdesc *descriptor = object->descriptors;
        object->descriptors = descriptor->next;
        release(descriptor);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static int fd = -1;
    static struct object object;
    struct problem problem;
    rules_choose(NULL);
    if (fd < 0)
        fd = memfd_create("input", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size)
        return 0;
    memset(&object, 0, sizeof object);
    object.name = (char *)"input.so";
    struct map_head head;
    CHECK(map_head_read(&head, fd, &problem));
    if (!object_map(&object, fd, &head, size, false, NULL, &problem)) {
        check_text(&problem);
        CHECK(!object.mapped);
        return 0;
    }
    if (object_decode(&object, &problem))
        use(&object);
    else
        check_text(&problem);
    object_undecode(&object);
    object_unmap(&object);
    return 0;
}
