#include "rules.h"

#include "fixed.h"
#include "machine.h"

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
    {.name = "musl", .one_path = true, .bind_opened = true},
};

bool rules_named(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0) {
            fixed.rules = &table[i];
            return true;
        }
    return false;
}

/* The last part of a path; NULL: of none. */
static const char *last_part(const char *path)
{
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

void rules_choose(const char *interpreter)
{
    const char *name = last_part(interpreter);
    rules_named(name != NULL && strcmp(name, ARCH_MUSL_LINKER) == 0 ? "musl" : "glibc");
}

bool rules_of_glibc(const char *interpreter)
{
    static const char start[] = "ld-linux";
    const char *name = last_part(interpreter);
    return name != NULL && strncmp(name, start, strlen(start)) == 0;
}
