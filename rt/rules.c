#include "rules.h"

#include "search.h"

#include <string.h>

/* musl's as seen with its 1.2.3, glibc's with 2.36 (tests/rt-rules.bats). */
static const struct rules table[] = {
    {.name = "glibc",
     .unload = true,
     .soname = true,
     .empty_name = true,
     .versions = true,
     .unique = true,
     .deep_bind = true,
     .refuse = true,
     .sort = true},
    {.name = "musl", .one_path = true},
};

const struct rules *rules = &table[0];

bool rules_named(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0) {
            rules = &table[i];
            return true;
        }
    return false;
}

void rules_choose(const char *interpreter)
{
    const char *slash = interpreter == NULL ? NULL : strrchr(interpreter, '/');
    if (interpreter != NULL)
        rules_named(strcmp(slash == NULL ? interpreter : slash + 1, SEARCH_MUSL_LINKER) == 0
                        ? "musl"
                        : "glibc");
}
