/* What lies in a block of a run beside the program's bytes.
 *
 *     while the program has it:   | the request's bytes | guard | ...        |      up to run->size
 *     while it is free:           | mark    | ...                            |
 *
 * The byte behind the request, if the block has one, is the guard: free() compares it, so that a
 * write just past the end is found. The mark is how malloc() sees that freed memory was written to.
 * Both are random, and the same in the whole process; the guard is the mark's first byte, and never
 * 0 or an ASCII character, because those are what most writes past an end store. */
#ifndef LIBC_MALLOC_BLOCK_H
#define LIBC_MALLOC_BLOCK_H

#include "run.h"

extern HIDDEN uintptr_t __malloc_mark; /* of this process, random */

static inline unsigned char block_guard(void)
{
    return (unsigned char)__malloc_mark;
}

/* Misuse: the process ends with one line. */
HIDDEN _Noreturn __attribute__((cold)) void __block_die_written(const void *memory);
HIDDEN _Noreturn __attribute__((cold)) void __block_die_end(const void *memory);
HIDDEN _Noreturn __attribute__((cold)) void __block_die_twice(const void *memory);

/* Notes the request's size, and sets the guard behind it. */
static inline void *block_hand_out(struct run *run, uint32_t index, char *memory, size_t size)
{
    unsigned slack = (unsigned)(run->size - size);

    state_set(run, index, 1 + slack);
    if (LIKELY(slack > 0))
        memory[size] = (char)block_guard();
    return memory;
}

static inline void block_mark(char *memory)
{
    *(uintptr_t *)memory = __malloc_mark;
}

static inline int block_marked(const char *memory)
{
    return *(const uintptr_t *)memory == __malloc_mark;
}

/* Takes a block from the stack, which ends at `end` and has one. */
static inline char *block_take(struct run *run, uint16_t *end, uint32_t *index)
{
    *index = end[-1];
    run->end = end - 1;
    char *memory = run->blocks + (size_t)*index * run->size;
    if (UNLIKELY(!block_marked(memory)))
        __block_die_written(memory);
    return memory;
}

/* Puts a marked block on the stack. Nonzero: __arena_notice() is due, if the owner has freed it. */
static inline int block_push(struct run *run, uint32_t index)
{
    uint16_t *end = run->end;

    *end++ = (uint16_t)index;
    __atomic_signal_fence(__ATOMIC_RELEASE); /* see __arena_fork() */
    run->end = end;
    return end == run->notice;
}

/* Marks a block that the owner has freed, and puts it on the stack. Nonzero: __arena_notice() is
 * due. */
static inline int block_give(struct run *run, uint32_t index, char *memory)
{
    block_mark(memory);
    return block_push(run, index);
}

#endif
