/* Apart from relocate.c, because the fuzzer must not call what an input says is a function. */
#include "arch.h"
#include "settle.h"
#include "system.h"
#include "tls.h"

bool indirect_choose(uintptr_t resolver, uintptr_t *choice)
{
    unsigned *depth = tls_resolving(), before = *depth;
    bool chosen = arch_resolver_try(resolver, choice);
    *depth = before; /* the resolvers within may have been left on the way */
    return chosen;
}

void indirect_unready(void)
{
    system_die("an indirect function is called before it is chosen");
}
