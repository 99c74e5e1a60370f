/* Apart from relocate.c, because the fuzzer must not call what an input says is a function. */
#include "arch.h"
#include "ifunc.h"
#include "tls.h"

bool ifunc_choose(uintptr_t resolver, uintptr_t *choice)
{
    unsigned *depth = tls_resolving(), before = *depth;
    bool chosen = arch_resolver_try(resolver, choice);
    *depth = before; /* the resolvers within may have been left on the way */
    return chosen;
}
