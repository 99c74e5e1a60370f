/* atexit(3), and what C++ and the dynamic linker register (Itanium C++ ABI 3.3.6.3).
 *
 * Registrations are a list, the newest first. What is taken out of it is used again, so that a
 * library that is opened and closed any number of times takes no more memory than once. */
#include "lock.h"
#include "unload.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

int __cxa_atexit(void (*function)(void *), void *argument, void *object);
void __cxa_finalize(void *object);

struct registration {
    void (*function)(void *);
    void *argument;
    void *object; /* the shared object it belongs to; NULL: the program */
    struct registration *before;
};

/* ISO C 7.22.4.2: 32 at least can always be registered. */
enum { BLOCK = 32 };

HIDDEN lock_t __exit_lock; /* fork() holds it */
static struct registration first[BLOCK], *newest, *spare;
static bool first_used;

static void entries_add(struct registration *entries)
{
    for (int i = 0; i < BLOCK; i++) {
        entries[i].before = spare;
        spare = &entries[i];
    }
}

/* Takes the lock, and an entry that is not in use; NULL: no memory. An allocator of the program's
 * may register something itself: it is called without the lock. */
static struct registration *entry_take(void)
{
    lock_take(&__exit_lock);
    if (!spare && !first_used) {
        first_used = true;
        entries_add(first);
    }
    while (!spare) {
        lock_release(&__exit_lock);
        struct registration *entries = malloc(BLOCK * sizeof *entries);
        lock_take(&__exit_lock);
        if (!entries)
            return NULL;
        entries_add(entries);
    }
    struct registration *entry = spare;
    spare = entry->before;
    return entry;
}

int __cxa_atexit(void (*function)(void *), void *argument, void *object)
{
    struct registration *entry = entry_take();
    if (entry) {
        *entry = (struct registration){function, argument, object, newest};
        newest = entry;
    }
    lock_release(&__exit_lock);
    return entry ? 0 : -1;
}

static void plain_call(void *function)
{
    ((void (*)(void))(uintptr_t)function)();
}

int atexit(void (*function)(void))
{
    return __cxa_atexit(plain_call, (void *)(uintptr_t)function, NULL);
}

/* What is to be called: all, what is of one object, or what has to do with addresses in
 * [start, end). */
struct wanted {
    const void *object, *start, *end;
};

static bool is_wanted(const struct registration *entry, const struct wanted *wanted)
{
    const void *function = entry->function == plain_call ? entry->argument
                                                         : (const void *)(uintptr_t)entry->function;

    if (wanted->end)
        return address_within(function, wanted->start, wanted->end) ||
               address_within(entry->object, wanted->start, wanted->end);
    return !wanted->object || entry->object == wanted->object;
}

/* Calls what is wanted, last registered first, without the lock. A function may register another,
 * which is then the next. */
static void call(const struct wanted *wanted)
{
    lock_take(&__exit_lock);
    for (struct registration **link = &newest; *link;) {
        struct registration *entry = *link, copy = *entry;
        if (!is_wanted(entry, wanted)) {
            link = &entry->before;
            continue;
        }
        *link = entry->before;
        entry->before = spare;
        spare = entry;
        lock_release(&__exit_lock);
        copy.function(copy.argument);
        lock_take(&__exit_lock);
        link = &newest;
    }
    lock_release(&__exit_lock);
}

/* What dlclose() is taking away, while its destructors run. */
static struct wanted going;

/* Of one object (dlclose), or of all (NULL). The compiler's destructor of an object calls it, after
 * those of the program's own (__attribute__((destructor))). musl's atexit() does not tell who calls
 * it, so that a library's functions are known by where they are: they are called here, in one order
 * with what C++ has registered, as glibc does it. */
void __cxa_finalize(void *object)
{
    const struct wanted one = {.object = object};

    call(address_within(object, going.start, going.end) ? &going : &one);
}

HIDDEN void __exit_unload(const void *start, const void *end);
HIDDEN void __exit_forget(const void *start, const void *end);

/* An object's destructors are about to run, and have run: what is left is called, of an object that
 * has none. */
void __exit_unload(const void *start, const void *end)
{
    going = (struct wanted){.start = start, .end = end};
}

void __exit_forget(const void *start, const void *end)
{
    call(&(struct wanted){.start = start, .end = end});
    going = (struct wanted){.end = NULL};
}
