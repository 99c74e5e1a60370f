/* atexit(3), and what C++ and the dynamic linker register (Itanium C++ ABI 3.3.6.3). */
#include "lock.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int __cxa_atexit(void (*function)(void *), void *argument, void *object);
void __cxa_finalize(void *object);

struct registration {
    void (*function)(void *);
    void *argument;
    void *object; /* the shared object it belongs to; NULL: the program */
};

/* ISO C 7.22.4.2: 32 at least can always be registered. */
struct block {
    struct block *before;
    int used;
    struct registration entries[32];
};

HIDDEN lock_t __exit_lock; /* fork() holds it */
static struct block first, *newest = &first;

int __cxa_atexit(void (*function)(void *), void *argument, void *object)
{
    int answer = 0;

    lock_take(&__exit_lock);
    if (newest->used == (int)(sizeof first.entries / sizeof first.entries[0])) {
        struct block *block = calloc(1, sizeof *block);
        if (block) {
            block->before = newest;
            newest = block;
        } else {
            answer = -1;
        }
    }
    if (!answer)
        newest->entries[newest->used++] = (struct registration){function, argument, object};
    lock_release(&__exit_lock);
    return answer;
}

static void plain_call(void *function)
{
    ((void (*)(void))(uintptr_t)function)();
}

int atexit(void (*function)(void))
{
    return __cxa_atexit(plain_call, (void *)(uintptr_t)function, NULL);
}

/* The newest entry that is of `object` (NULL: of any) and not yet called; NULL if there is none. */
static struct registration *newest_of(const void *object)
{
    for (struct block *block = newest; block; block = block->before)
        for (int i = block->used - 1; i >= 0; i--)
            if (block->entries[i].function && (!object || block->entries[i].object == object))
                return &block->entries[i];
    return NULL;
}

/* What is called is not looked at again; an empty block is kept out of use, not freed: the program
 * is ending, or may register again. */
static void blocks_shorten(void)
{
    for (;;) {
        while (newest->used && !newest->entries[newest->used - 1].function)
            newest->used--;
        if (newest->used || !newest->before)
            return;
        newest = newest->before;
    }
}

/* Calls what was registered, last first; of one object (dlclose), or of all (NULL). A function may
 * register another, which is then the next. */
void __cxa_finalize(void *object)
{
    struct registration *found;

    lock_take(&__exit_lock);
    while ((found = newest_of(object)) != NULL) {
        struct registration entry = *found;
        found->function = NULL;
        blocks_shorten();
        lock_release(&__exit_lock);
        entry.function(entry.argument);
        lock_take(&__exit_lock);
    }
    lock_release(&__exit_lock);
}

HIDDEN void __exit_unload(const void *start, const void *end);

/* musl's atexit() does not tell who calls it, so that a library's functions are known by where they
 * are. They are called before the library goes, as glibc does it. */
void __exit_unload(const void *start, const void *end)
{
    struct registration entry;
    bool found;

    lock_take(&__exit_lock);
    do {
        found = false;
        for (struct block *block = newest; block && !found; block = block->before)
            for (int i = block->used - 1; i >= 0 && !found; i--) {
                uintptr_t function =
                    (uintptr_t)(block->entries[i].function == plain_call
                                    ? block->entries[i].argument
                                    : (void *)(uintptr_t)block->entries[i].function);
                if (!block->entries[i].function || function < (uintptr_t)start ||
                    function >= (uintptr_t)end)
                    continue;
                found = true;
                entry = block->entries[i];
                block->entries[i].function = NULL;
            }
        if (found) {
            blocks_shorten();
            lock_release(&__exit_lock);
            entry.function(entry.argument);
            lock_take(&__exit_lock);
        }
    } while (found);
    lock_release(&__exit_lock);
}
