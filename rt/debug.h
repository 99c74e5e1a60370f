/* What debuggers look for: SVR4's r_debug (<link.h>), reached by DT_DEBUG or by name. */
#ifndef RT_DEBUG_H
#define RT_DEBUG_H

#include <link.h>

/* The list has changed, or is about to: RT_ADD, RT_DELETE, RT_CONSISTENT. A debugger has a
 * breakpoint in what this calls. */
void debug_state(int state);

/* Fills in what is known at start, and the program's DT_DEBUG. */
void debug_start(void);

#endif
