/* What the kernel does not name: the stacks of threads, their guards, TLS, malloc's arenas. */
#ifndef UMAPS_NAMES_H
#define UMAPS_NAMES_H

#include "inspect/maps.h"

struct names {
    char **texts; /* by entry of the maps; NULL: no name; from malloc, as each text is */
    size_t count;
};

/* Names the mappings of a live process, as far as /proc/PID/task and /proc/PID/mem tell. Without
 * the right to read them, or without memory, there are fewer names.
 *  - the stack of a thread: its stack pointer is in it (/proc/PID/task/TID/syscall). A thread that
 *    is running has none there; it is asked three times.
 *  - a guard: no access, and directly below such a stack.
 *  - TLS of the first thread: a thread control block whose first word is its own address (psABI
 *    "Thread-Local Storage", variant II), in anonymous memory.
 *  - an arena of glibc's malloc: begins at a multiple of 64 MiB (its HEAP_MAX_SIZE) and with a
 *    pointer into its own first page. */
void names_read(struct names *names, const struct maps *maps, pid_t pid);

void names_free(struct names *names);

#endif
