/* pthread_key_create(3) and thread-specific values. */
#include "lock.h"
#include "process.h"
#include "syscall.h"
#include "thread.h"
#include "unload.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>

typedef void destructor(void *);

static void no_destructor(void *value)
{
    (void)value;
}

HIDDEN lock_t __keys_lock; /* fork() holds it */

/* A key may be deleted and created again. The new key has another generation, so that values stored
 * under the old one are not seen. */
static struct {
    destructor *destroy; /* NULL: the key is free */
    unsigned long generation;
} keys[PTHREAD_KEYS_MAX];

int pthread_key_create(pthread_key_t *key, destructor *destroy)
{
    int error = EAGAIN;

    lock_take(&__keys_lock);
    for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
        if (keys[i].destroy)
            continue;
        keys[i].generation++;
        keys[i].destroy = destroy ? destroy : no_destructor;
        *key = i;
        error = 0;
        break;
    }
    lock_release(&__keys_lock);
    return error;
}

int pthread_key_delete(pthread_key_t key)
{
    if (key >= PTHREAD_KEYS_MAX || !keys[key].destroy)
        return EINVAL;
    lock_take(&__keys_lock);
    keys[key].destroy = NULL;
    lock_release(&__keys_lock);
    return 0;
}

HIDDEN void __keys_forget(const void *start, const void *end);

/* dlclose() of a library that leaves keys behind: the keys and values stay, but destructors in the
 * library are not called any more. */
void __keys_forget(const void *start, const void *end)
{
    lock_take(&__keys_lock);
    for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++)
        if (keys[i].destroy && address_within((const void *)(uintptr_t)keys[i].destroy, start, end))
            keys[i].destroy = no_destructor;
    lock_release(&__keys_lock);
}

void *pthread_getspecific(pthread_key_t key)
{
    const struct thread_value *values = thread_self()->values;

    return values && values[key].generation == keys[key].generation ? values[key].value : NULL;
}

/* A thread's values, all keys'. They are in a mapping of their own: an allocator that the program
 * brings may keep a cache under a key, and would be called here for the first one. */
static size_t values_length(void)
{
    return page_round(PTHREAD_KEYS_MAX * sizeof(struct thread_value));
}

static struct thread_value *values_map(void)
{
    long map = sys_call(SYS_mmap, NULL, values_length(), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return sys_failed(map) ? NULL : (struct thread_value *)map;
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
    struct __pthread *self = thread_self();

    if (key >= PTHREAD_KEYS_MAX || !keys[key].destroy)
        return EINVAL;
    if (!self->values) {
        if (!value)
            return 0;
        self->values = values_map();
        if (!self->values)
            return ENOMEM;
    }
    self->values[key] = (struct thread_value){keys[key].generation, (void *)value};
    self->keys_used = 1;
    return 0;
}

/* POSIX: a destructor may store values again; so the destructors are called up to
 * PTHREAD_DESTRUCTOR_ITERATIONS times. */
void __keys_thread_end(void)
{
    struct __pthread *self = thread_self();

    for (int round = 0; self->keys_used && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
        self->keys_used = 0;
        for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
            void *value = pthread_getspecific(i);
            destructor *destroy = keys[i].destroy;
            self->values[i].value = NULL;
            if (value && destroy)
                destroy(value);
        }
    }
    if (self->values)
        sys_call(SYS_munmap, self->values, values_length());
    self->values = NULL;
}
