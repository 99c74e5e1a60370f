/* dlclose(): what nothing uses any more leaves the process. */
#ifndef RT_UNLOAD_H
#define RT_UNLOAD_H

/* Unloads every object that nothing uses, by mark and sweep. Under the linker's lock, which
 * destructors run with; called by one of them, it leaves the work to the call that runs it. */
void unload_unused(void);

#endif
