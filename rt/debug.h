/* SVR4's r_debug (<link.h>), which debuggers find by DT_DEBUG or by name. */
#ifndef RT_DEBUG_H
#define RT_DEBUG_H

#include <link.h>

/* Announces that the list is about to change (RT_ADD, RT_DELETE) or has changed (RT_CONSISTENT). A
 * debugger sets a breakpoint in the function that this calls. */
void debug_state(int state);

/* Fills r_debug and the program's DT_DEBUG at start. */
void debug_start(void);

#endif
