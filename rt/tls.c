#include "tls.h"

#include "allocate.h"
#include "arch.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "lock.h"
#include "placement.h"
#include "system.h"
#include "trace.h"

#include <string.h>
#include <time.h>

/* Spare bytes in the static block for libraries of dlopen() with initial-exec accesses; glibc's
 * tunable rtld.optional_static_tls is of this order. */
enum { SURPLUS = 2048 };

/* Entries of a new thread's vector; with more modules it grows. */
enum { VECTOR = 8 };

/* Behind the control block, in the memory that tls_make() is given. */
struct thread {
    struct thread *next, *before;
    void *pointer; /* the thread pointer */
    struct tls_binding binding;
    unsigned resolving; /* depth of ifunc resolvers, counted by lazy.c */
    uintptr_t *grown;   /* its vector, if that is allocated; NULL: it is `vector` */
    uintptr_t vector[];
};

/* The words that compilers and linkers know, at the thread pointer. */
struct control {
    void *self;
    uintptr_t *vector;
};

/* By number, from 1; NULL: free. Changed under LEAF_TLS, as all of this. */
static struct object **modules;
static size_t module_count, module_room; /* the highest number in use, and what there is room for */
static size_t used;                      /* bytes below the thread pointer that modules have */
static size_t block;       /* bytes below the thread pointer in every thread's memory */
static size_t align_asked; /* the largest alignment that a module asks of the thread pointer */
static size_t control_size;
static struct thread *threads;
static void *main_pointer;

/* Of the thread pointer, bytes. */
static size_t align(void)
{
    enum { LEAST = 64 };
    return align_asked > LEAST ? align_asked : LEAST;
}

/* psABI 3.4.6: the offset from the thread pointer down to a block that comes below `above` bytes.
 */
static size_t offset_below(size_t above, const struct object *object)
{
    size_t mask = object->tls_align - 1;
    return ((above + object->tls_size + object->tls_skew + mask) & ~mask) - object->tls_skew;
}

bool tls_add(struct object *object, bool at_start, struct problem *problem)
{
    size_t number = 1;
    if (object->tls_size == 0)
        return true;
    while (number <= module_count && modules[number] != NULL)
        number++;
    if (number >= module_room) {
        size_t room = module_room == 0 ? 8 : 2 * module_room;
        struct object **grown = allocate_grown(modules, module_room, room);
        if (grown == NULL)
            return problem_set(problem, "%s: no memory", object_title(object));
        struct object **old = modules;
        leaf_lock_take(LEAF_TLS);
        modules = grown;
        module_room = room;
        leaf_lock_release(LEAF_TLS);
        release(old);
    }
    leaf_lock_take(LEAF_TLS);
    modules[number] = object;
    if (number > module_count)
        module_count = number;
    object->tls_module = number;
    if (at_start) {
        used = object->tls_offset = offset_below(used, object);
        if (object->tls_align > align_asked)
            align_asked = object->tls_align;
    }
    leaf_lock_release(LEAF_TLS);
    if (at_start)
        trace(TRACE_TLS, "module",
              (FIELD_TEXT("object", object_title(object)), FIELD_NUMBER("module", number),
               FIELD_NUMBER("bytes", object->tls_size),
               FIELD_NUMBER("image_bytes", object->tls_image_size),
               FIELD_NUMBER("align", object->tls_align), FIELD_TEXT("place", "static"),
               FIELD_NUMBER("offset", object->tls_offset)),
              "%s: module %zu, %zu bytes (%zu of them with contents, aligned to %zu), "
              "static block, thread pointer - 0x%zx",
              object_title(object), number, object->tls_size, object->tls_image_size,
              object->tls_align, object->tls_offset);
    else
        trace(TRACE_TLS, "module",
              (FIELD_TEXT("object", object_title(object)), FIELD_NUMBER("module", number),
               FIELD_NUMBER("bytes", object->tls_size),
               FIELD_NUMBER("image_bytes", object->tls_image_size),
               FIELD_NUMBER("align", object->tls_align), FIELD_TEXT("place", "dynamic"),
               FIELD_NUMBER("offset", 0)),
              "%s: module %zu, %zu bytes (%zu of them with contents, aligned to %zu), "
              "for each thread when it is first used",
              object_title(object), number, object->tls_size, object->tls_image_size,
              object->tls_align);
    return true;
}

COLD bool tls_make_static(struct object *object, struct problem *problem)
{
    if (object->tls_offset != 0)
        return true;
    leaf_lock_take(LEAF_TLS);
    size_t offset = offset_below(used, object);
    bool fits = offset <= block && object->tls_align <= align() && !object->tls_dynamic;
    if (fits)
        used = object->tls_offset = offset;
    leaf_lock_release(LEAF_TLS);
    if (fits) {
        trace(TRACE_TLS, "surplus",
              (FIELD_TEXT("object", object_title(object)),
               FIELD_NUMBER("module", object->tls_module), FIELD_NUMBER("offset", offset)),
              "%s: module %zu, static block's surplus, thread pointer - 0x%zx",
              object_title(object), object->tls_module, offset);
        return true;
    }
    if (object->tls_dynamic)
        return problem_set(problem,
                           "%s: initial-exec access to thread-local storage that threads have "
                           "already got elsewhere",
                           object_title(object));
    return problem_set(
        problem,
        "%s: %zu bytes of thread-local storage (aligned to %zu) do not fit the static "
        "block (%zu of %zu bytes in use, aligned to %zu): load it at start",
        object_title(object), object->tls_size, object->tls_align, used, block, align());
}

/* A module's first contents, in one thread's static block. */
static void copy_image(const struct object *object, char *to)
{
    memcpy(to, object->tls_image, object->tls_image_size);
    memset(to + object->tls_image_size, 0, object->tls_size - object->tls_image_size);
}

void tls_commit(struct object *object)
{
    if (object->tls_offset == 0 || object->tls_settled)
        return;
    leaf_lock_take(LEAF_TLS);
    for (struct thread *thread = threads; thread != NULL; thread = thread->next) {
        char *to = (char *)thread->pointer - object->tls_offset;
        uintptr_t *vector = ((struct control *)thread->pointer)->vector;
        copy_image(object, to);
        if (object->tls_module <= vector[0])
            vector[object->tls_module] = (uintptr_t)to;
    }
    object->tls_settled = true;
    leaf_lock_release(LEAF_TLS);
}

/* A block that tls_address() has allocated; the allocation's start is kept right below it. */
static void block_release(uintptr_t address)
{
    void *allocated;
    memcpy(&allocated, (char *)address - sizeof allocated, sizeof allocated);
    release(allocated);
}

static uintptr_t block_make(const struct object *object)
{
    char *allocated =
        allocate(object->tls_size + object->tls_align + object->tls_skew + sizeof(void *));
    if (allocated == NULL)
        return 0;
    uintptr_t address = ((uintptr_t)allocated + sizeof(void *) + object->tls_align - 1) &
                        -object->tls_align;
    address += object->tls_skew;
    memcpy((char *)address - sizeof allocated, &allocated, sizeof allocated);
    memcpy((char *)address, object->tls_image, object->tls_image_size);
    return address;
}

COLD void tls_remove(struct object *object)
{
    if (object->tls_module == 0)
        return;
    leaf_lock_take(LEAF_TLS);
    for (struct thread *thread = threads; thread != NULL; thread = thread->next) {
        uintptr_t *vector = ((struct control *)thread->pointer)->vector;
        if (object->tls_module > vector[0])
            continue;
        uintptr_t address = vector[object->tls_module];
        vector[object->tls_module] = 0;
        if (address != 0 && object->tls_offset == 0)
            block_release(address);
    }
    modules[object->tls_module] = NULL;
    if (object->tls_module == module_count)
        module_count--;
    /* its part of the surplus is free again if no module came after it */
    used = 0;
    for (size_t i = 1; i <= module_count; i++)
        if (modules[i] != NULL && modules[i]->tls_offset > used)
            used = modules[i]->tls_offset;
    leaf_lock_release(LEAF_TLS);
}

size_t tls_size(void)
{
    return block + align() + control_size + sizeof(struct thread) +
           (VECTOR + 1) * sizeof(uintptr_t);
}

void *tls_make(void *memory)
{
    char *pointer = (char *)(((uintptr_t)memory + block + align() - 1) & -align());
    struct control *control = (struct control *)pointer;
    struct thread *thread = (struct thread *)(pointer + control_size);

    leaf_lock_take(LEAF_TLS);
    thread->pointer = pointer;
    thread->next = threads;
    if (threads != NULL)
        threads->before = thread;
    threads = thread;
    control->self = pointer;
    control->vector = thread->vector;
    thread->vector[0] = VECTOR;
    for (size_t i = 1; i <= module_count; i++) {
        if (modules[i] == NULL || modules[i]->tls_offset == 0)
            continue;
        char *to = pointer - modules[i]->tls_offset;
        memcpy(to, modules[i]->tls_image, modules[i]->tls_settled ? modules[i]->tls_image_size : 0);
        if (i <= VECTOR)
            thread->vector[i] = (uintptr_t)to;
    }
    leaf_lock_release(LEAF_TLS);
    return pointer;
}

bool tls_start(size_t control, size_t control_align)
{
    if (control_align > align_asked)
        align_asked = control_align;
    control_size = (control + 15) & -16ul;
    block = used + SURPLUS;
    void *memory = allocate(tls_size());
    if (memory == NULL)
        return false;
    main_pointer = tls_make(memory);
    arch_thread_pointer_set(main_pointer);
    trace(TRACE_TLS, "first-thread",
          (FIELD_ADDRESS("thread_pointer", (uintptr_t)main_pointer), FIELD_NUMBER("block", block),
           FIELD_NUMBER("used", used), FIELD_NUMBER("control_block", control_size)),
          "thread pointer %#lx: static block of %zu bytes below it (%zu in use), control "
          "block of %zu",
          (unsigned long)main_pointer, block, used, control_size);
    return true;
}

void *tls_main(void)
{
    return main_pointer;
}

static struct thread *thread_of(void *pointer)
{
    return (struct thread *)((char *)pointer + control_size);
}

void tls_free(void *pointer)
{
    struct thread *thread = thread_of(pointer);
    leaf_lock_take(LEAF_TLS);
    uintptr_t *vector = ((struct control *)pointer)->vector;
    for (size_t i = 1; i <= vector[0] && i <= module_count; i++)
        if (vector[i] != 0 && modules[i] != NULL && modules[i]->tls_offset == 0)
            block_release(vector[i]);
    if (thread->before != NULL)
        thread->before->next = thread->next;
    else
        threads = thread->next;
    if (thread->next != NULL)
        thread->next->before = thread->before;
    leaf_lock_release(LEAF_TLS);
    release(thread->grown);
}

/* A longer vector for the calling thread. */
static bool vector_grow(struct thread *thread, size_t module)
{
    struct control *control = thread->pointer;
    size_t room = 2 * module + 8;
    uintptr_t *grown = allocate((room + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    memcpy(grown, control->vector, (control->vector[0] + 1) * sizeof *grown);
    grown[0] = room;
    uintptr_t *old = thread->grown;
    thread->grown = control->vector = grown;
    release(old);
    return true;
}

/* First use of a module by a thread. No caller can take an error if memory is short. */
static __attribute__((noinline)) void *address_slow(size_t module, size_t offset)
{
    struct control *control = arch_thread_pointer();
    uintptr_t address = 0;
    leaf_lock_take(LEAF_TLS);
    struct object *object = module <= module_count && module > 0 ? modules[module] : NULL;
    if (object != NULL && object->tls_offset != 0 && object->tls_settled) {
        address = (uintptr_t)control - object->tls_offset;
    } else if (object != NULL) {
        object->tls_dynamic = true;
        address = block_make(object);
    }
    if (address != 0 && (module <= control->vector[0] || vector_grow(thread_of(control), module)))
        control->vector[module] = address;
    else
        address = 0;
    leaf_lock_release(LEAF_TLS);
    if (address == 0)
        system_die("no memory for a thread-local variable");
    trace(TRACE_TLS, "block",
          (FIELD_TEXT("object", object_title(object)), FIELD_NUMBER("module", module),
           FIELD_ADDRESS("thread_pointer", (uintptr_t)control), FIELD_ADDRESS("address", address)),
          "%s: module %zu: thread at %#lx has its block at %#lx", object_title(object), module,
          (unsigned long)control, address);
    return (void *)(address + offset);
}

void *tls_address(size_t module, size_t offset)
{
    const uintptr_t *vector = ((struct control *)arch_thread_pointer())->vector;
    if (__builtin_expect(module <= vector[0] && vector[module] != 0, 1))
        return (void *)(vector[module] + offset);
    return address_slow(module, offset);
}

void *tls_block(const struct object *object)
{
    char *pointer = arch_thread_pointer();
    const uintptr_t *vector = ((struct control *)pointer)->vector;
    size_t module = object->tls_module;
    if (module == 0)
        return NULL;
    if (object->tls_offset != 0)
        return pointer - object->tls_offset;
    return module <= vector[0] ? (void *)vector[module] : NULL;
}

struct tls_binding *tls_binding(void)
{
    return &thread_of(arch_thread_pointer())->binding;
}

unsigned *tls_resolving(void)
{
    return &thread_of(arch_thread_pointer())->resolving;
}

/* membarrier(2): afterwards, every thread has either stored its count or not yet read a scope. On
 * kernels without it: a pause longer than any store takes to become visible. */
static void barrier(void)
{
    enum { EXPEDITED = 1 << 3, REGISTER_EXPEDITED = 1 << 4 };
    const struct timespec pause = {0, 1000000};
    if (sys_call(SYS_membarrier, EXPEDITED, 0, 0) == 0)
        return;
    sys_call(SYS_membarrier, REGISTER_EXPEDITED, 0, 0);
    if (sys_call(SYS_membarrier, EXPEDITED, 0, 0) != 0)
        sys_call(SYS_nanosleep, &pause, NULL);
}

COLD bool tls_binding_wait(void)
{
    enum { ROUNDS = 1000 };
    const struct timespec pause = {0, 1000000};
    struct thread *self = thread_of(arch_thread_pointer());
    bool alone, busy;
    leaf_lock_take(LEAF_TLS);
    alone = threads == self && self->next == NULL;
    leaf_lock_release(LEAF_TLS);
    if (!alone)
        barrier();
    for (int round = 0; round < ROUNDS; round++) {
        busy = false;
        leaf_lock_take(LEAF_TLS);
        for (struct thread *thread = threads; thread != NULL; thread = thread->next)
            busy |= thread != self &&
                    __atomic_load_n(&thread->binding.under_way, __ATOMIC_ACQUIRE) != 0;
        leaf_lock_release(LEAF_TLS);
        if (!busy)
            return true;
        if (round < 100)
            sys_call(SYS_sched_yield);
        else
            sys_call(SYS_nanosleep, &pause, NULL);
    }
    return false;
}

COLD void tls_binding_forked(void)
{
    struct thread *self = thread_of(arch_thread_pointer());
    for (struct thread *thread = threads; thread != NULL; thread = thread->next)
        if (thread != self)
            thread->binding.under_way = 0;
}

COLD bool tls_any_thread(bool (*of)(const void *thread, void *context), void *context)
{
    bool found = false;
    leaf_lock_take(LEAF_TLS);
    for (struct thread *thread = threads; thread != NULL && !found; thread = thread->next)
        found = of(thread->pointer, context);
    leaf_lock_release(LEAF_TLS);
    return found;
}
