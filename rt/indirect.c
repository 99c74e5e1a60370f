/* Apart from relocate.c, because the fuzzer must not call what an input says is a function. */
#include "relocate.h"

uintptr_t indirect_choose(uintptr_t resolver)
{
    return ((uintptr_t(*)(void))resolver)();
}
