#include "fixed.h"

#include "map.h"

#include <sys/mman.h>

/* Not in .bss: it shares its page with the tables that rt relocates when it starts (order.ld). */
struct fixed fixed __attribute__((section(".data.fixed")));

extern char fixed_start[] __attribute__((visibility("hidden")));
extern char fixed_end[] __attribute__((visibility("hidden")));

static bool protect(int protection, struct problem *problem)
{
    uintptr_t start = (uintptr_t)fixed_start;
    return map_protect(start, (uintptr_t)fixed_end - start, protection, problem);
}

bool fixed_close(struct problem *problem)
{
    return protect(PROT_READ, problem);
}

bool fixed_open(struct problem *problem)
{
    return protect(PROT_READ | PROT_WRITE, problem);
}
