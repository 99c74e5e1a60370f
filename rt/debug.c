#include "debug.h"

#include "fixed.h"
#include "load.h"

/* Names that gdb knows; visible. */
extern struct r_debug _r_debug;
void _dl_debug_state(void);

__attribute__((visibility("default"))) struct r_debug _r_debug;

__attribute__((visibility("default"), noinline)) void _dl_debug_state(void)
{
    __asm__ volatile("");
}

void debug_state(int state)
{
    _r_debug.r_state = state;
    _dl_debug_state();
}

void debug_start(void)
{
    _r_debug.r_version = 1;
    _r_debug.r_map = &fixed.program->map;
    _r_debug.r_brk = (uintptr_t)_dl_debug_state;
    _r_debug.r_ldbase = fixed.linker->bias;
    if (fixed.program->debug != NULL)
        *fixed.program->debug = (uintptr_t)&_r_debug;
}
