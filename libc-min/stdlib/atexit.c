/* atexit(3), and the registrations of C++ and of the dynamic linker (Itanium C++ ABI 3.3.6.3).
 *
 * The registrations are a list, the newest first. Removed entries are reused: a library that is
 * opened and closed any number of times needs memory only once. */
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
    void *object; /* the shared object that registered; NULL: the program */
    struct registration *before;
};

/* ISO C 7.22.4.2: at least 32 registrations always succeed. */
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

/* Takes the lock, and an unused entry; NULL: no memory. Calls malloc() without the lock, because an
 * allocator of the program's may register a function itself. */
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

/* Selects registrations: all, those of one object, or those with an address in [start, end). */
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

/* Calls the selected functions without the lock, the last registered first. If a function registers
 * another, that one is called next. */
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

/* The object that dlclose() removes, while its destructors run. */
static struct wanted going;

/* Calls the functions of one object (dlclose), or all (NULL). The object's compiler-made destructor
 * calls it, after destructors of the program's own (__attribute__((destructor))). musl's atexit()
 * does not pass the caller's object, so a library's functions are known by their addresses. They
 * are called here, in one order with the registrations of C++, as in glibc. */
void __cxa_finalize(void *object)
{
    const struct wanted one = {.object = object};

    call(address_within(object, going.start, going.end) ? &going : &one);
}

HIDDEN void __exit_unload(const void *start, const void *end);
HIDDEN void __exit_forget(const void *start, const void *end);

/* Called before and after an object's destructors. The second calls the functions that are left,
 * for an object without a call of __cxa_finalize(). */
void __exit_unload(const void *start, const void *end)
{
    going = (struct wanted){.start = start, .end = end};
}

void __exit_forget(const void *start, const void *end)
{
    call(&(struct wanted){.start = start, .end = end});
    going = (struct wanted){.end = NULL};
}
