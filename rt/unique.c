#include "unique.h"

#include "allocate.h"
#include "fixed.h"
#include "lock.h"
#include "lookup.h"
#include "rules.h"

#include <string.h>

/* The unique symbols found so far: few programs have any, and those have hundreds. */
enum { BUCKETS = 256 };
struct unique {
    struct definition definition;
    const char *name;
    struct unique *next;
};
static __attribute__((section(".bss.~unique"))) struct unique *uniques[BUCKETS];

bool unique_resolve(struct definition *definition, const struct reference *reference)
{
    if (!fixed.rules->unique)
        return true;
    struct unique **bucket = &uniques[reference->hash % BUCKETS];
    bool settled = true;
    leaf_lock_take(LEAF_UNIQUE);
    struct unique *unique = *bucket;
    while (unique != NULL && strcmp(unique->name, reference->name) != 0)
        unique = unique->next;
    if (unique != NULL) {
        *definition = unique->definition;
    } else {
        unique = allocate(sizeof *unique);
        settled = unique != NULL;
        if (settled) {
            *unique = (struct unique){*definition, NULL, *bucket};
            unique->name = definition->object->symbols.strings + definition->symbol->st_name;
            *bucket = unique;
            ((struct object *)definition->object)->permanent = true;
        }
    }
    leaf_lock_release(LEAF_UNIQUE);
    return settled;
}

void unique_forget(const struct object *object)
{
    leaf_lock_take(LEAF_UNIQUE);
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct unique **link = &uniques[i]; *link != NULL;) {
            struct unique *unique = *link;
            if (unique->definition.object == object) {
                *link = unique->next;
                release(unique);
            } else {
                link = &unique->next;
            }
        }
    leaf_lock_release(LEAF_UNIQUE);
}
