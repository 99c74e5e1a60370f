#include "client.h"

#include "base/linker.h"
#include "base/problem.h"
#include "fixed.h"
#include "gnu_hash.h"
#include "init.h"
#include "load.h"
#include "lookup.h"

#include <string.h>

/* The address of a name that the libc defines; NULL: it does not. */
static void *libc_symbol(const char *name)
{
    struct reference reference = {.call = false};
    lookup_name(&reference, name, strlen(name) + 1);
    struct definition found = lookup_object(fixed.libc, &reference);
    return found.object == NULL ? NULL : (void *)object_symbol_address(found.object, found.symbol);
}

static const struct linker_client *find_client(struct problem *problem)
{
    const struct linker_client *found = libc_symbol("__linker_client");
    if (found != NULL && found->version == LINKER_VERSION)
        return found;
    problem_set(problem, "%s: not the libc of this linker (version %u, and it has %u)",
                object_title(fixed.libc), LINKER_VERSION, found == NULL ? 0 : found->version);
    return NULL;
}

bool client_read(size_t control[2], struct problem *problem)
{
    const struct linker_client *found = fixed.libc == NULL ? NULL : find_client(problem);
    if (found != NULL) {
        control[0] = found->control_size;
        control[1] = found->control_align;
    }
    return fixed.libc == NULL || found != NULL;
}

bool client_adopt(struct problem *problem)
{
    if (fixed.libc == NULL || fixed.client != NULL)
        return true;
    const struct linker_client *found = find_client(problem);
    if (found == NULL)
        return false;
    const struct linker **linker = libc_symbol("__linker");
    if (linker == NULL)
        return problem_set(problem, "%s: it has no __linker", object_title(fixed.libc));
    *linker = fixed.table;
    fixed.client = found;
    init_begin(fixed.client->begin);
    return true;
}

void client_stack_size(size_t size)
{
    if (fixed.client != NULL)
        fixed.client->stack_size(size);
}
