/* The tool's memory: malloc's, in arena.c, and one page apart from it. */
#ifndef UEXEC_ARENA_H
#define UEXEC_ARENA_H

/* The page right below the arena, readable and writable: the hand-over makes its
 * code of it.  The same at every call; NULL: no memory. */
void *arena_code_page(void);

#endif
