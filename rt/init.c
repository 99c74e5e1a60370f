#include "init.h"

#include "allocate.h"
#include "arch.h"
#include "fixed.h"
#include "load.h"
#include "lock.h"
#include "lookup.h"
#include "rules.h"
#include "system.h"
#include "trace.h"

#include <limits.h>
#include <string.h>

struct object *init_last;

/* Guarded by the linker's lock, except for threads that sleep until `ended` changes. */
static int ended;        /* how often constructors of an object have ended, modulo 2^32 */
static unsigned waiting; /* threads that wait for that */

static int argc;
static char **argv, **envp;

void init_arguments(int count, char **arguments, char **environment)
{
    argc = count;
    argv = arguments;
    envp = environment;
}

void init_begin(void (*begin)(int argc, char **argv))
{
    begin(argc, argv);
}

void init_preinit(const struct object *program)
{
    initializer *const *run = program->preinit.start;
    for (size_t i = 0; i < program->preinit.count; i++)
        run[i](argc, argv, envp);
}

/* The lock is held for the list only: a constructor may wait for a thread that needs it. Another
 * thread's dlopen() waits until an object is constructed, except by the start of the program, which
 * may itself wait for that thread (so glibc). */
static void construct(struct object *object, bool at_start)
{
    initializer *const *run = object->init_array.start;
    linker_lock_take();
    /* another thread runs them, and dlopen() returns only constructed objects */
    while (object->state == OBJECT_CONSTRUCTING && object->constructor != NULL &&
           object->constructor != arch_thread_pointer()) {
        int seen = ended;
        waiting++;
        linker_lock_release();
        futex_wait(&ended, seen);
        linker_lock_take();
        waiting--;
    }
    bool mine = object->state == OBJECT_RELOCATED;
    if (mine) {
        /* before its constructors: what one of them opens, and needs this object, is destructed
         * first */
        object->constructed_before = init_last;
        init_last = object;
        object->constructor = at_start ? NULL : arch_thread_pointer();
        object->state = OBJECT_CONSTRUCTING;
    }
    linker_lock_release();
    if (!mine)
        return;
    if (object->init != 0 || object->init_array.count > 0)
        trace(TRACE_INIT, "construct",
              (FIELD_TEXT("object", object_title(object)),
               FIELD_NUMBER("functions", (object->init != 0) + object->init_array.count)),
              "%s: constructors: %s%zu of DT_INIT_ARRAY", object_title(object),
              object->init != 0 ? "DT_INIT, " : "", object->init_array.count);
    if (object->init != 0)
        ((initializer *)object->init)(argc, argv, envp);
    for (size_t i = 0; i < object->init_array.count; i++)
        run[i](argc, argv, envp);
    linker_lock_take();
    object->state = OBJECT_READY; /* it may have destructors, though it has no constructors */
    __atomic_store_n(&ended, (int)((unsigned)ended + 1), __ATOMIC_RELAXED);
    if (waiting > 0)
        futex_wake(&ended, INT_MAX);
    linker_lock_release();
}

/* A walk of the graph without recursion, because a chain of dependencies may be long. The walk
 * marks each object that it reaches; an object whose dependencies are all marked comes next in the
 * order. In a cycle, the object that is reached first comes last. */
struct walk_place {
    struct object *object;
    size_t next; /* of its dependencies */
};
struct walk {
    struct object **order; /* the result */
    size_t count;
    struct walk_place *stack;
    unsigned mark;
};

static void walk_from(struct walk *walk, struct object *root)
{
    size_t depth = 0;
    if (root->mark == walk->mark)
        return;
    root->mark = walk->mark;
    walk->stack[depth].object = root;
    walk->stack[depth++].next = 0;
    while (depth > 0) {
        struct object *object = walk->stack[depth - 1].object;
        if (walk->stack[depth - 1].next == object->dependency_count) {
            if (object->state == OBJECT_RELOCATED || object->state == OBJECT_CONSTRUCTING)
                walk->order[walk->count++] = object;
            depth--;
            continue;
        }
        struct object *next = object->dependencies[walk->stack[depth - 1].next++];
        if (next->mark != walk->mark && next->state <= OBJECT_CONSTRUCTING && !next->is_program) {
            next->mark = walk->mark;
            walk->stack[depth].object = next;
            walk->stack[depth++].next = 0;
        }
    }
}

/* Quirk (musl): depth first from the root, in the order of DT_NEEDED; what is preloaded comes
 * before what the program needs. */
static void walk_depth_first(struct walk *walk, const struct scope *scope)
{
    struct object *root = scope->objects[0];
    if (root->is_program) {
        root->mark = walk->mark;
        for (size_t i = 1; i < scope->count; i++)
            if (scope->objects[i] != NULL && scope->objects[i]->preloaded)
                walk_from(walk, scope->objects[i]);
        root->mark = 0;
    }
    walk_from(walk, root);
}

/* Quirk (glibc, dynamic_sort=2): the walk begins at the object that was loaded last and ends with
 * the first, dependencies in the order of DT_NEEDED; seen with graphs made at random
 * (tests/rt-order.bats). The root is constructed last, whatever depends on it. */
static void walk_sorted(struct walk *walk, const struct scope *scope)
{
    struct object *root = scope->objects[0];
    root->mark = walk->mark;
    for (size_t i = scope->count; i-- > 1;)
        if (scope->objects[i] != NULL)
            walk_from(walk, scope->objects[i]);
    if (root->state == OBJECT_RELOCATED || root->state == OBJECT_CONSTRUCTING)
        walk->order[walk->count++] = root;
}

void init_run(const struct scope *scope)
{
    enum { FEW = 32 }; /* without an allocation, which is two system calls */
    static unsigned mark;
    struct object *few[FEW];
    struct walk_place few_places[FEW];
    struct walk walk = {.order = few, .stack = few_places};
    linker_lock_take();
    size_t count = scope->count;
    void *memory = NULL;
    if (count > FEW) {
        memory = allocate(count * (sizeof *walk.order + sizeof *walk.stack));
        if (memory == NULL)
            system_die("no memory for the order of constructors");
        walk.order = memory;
        walk.stack = (void *)(walk.order + count);
    }
    walk.mark = ++mark;
    if (fixed.rules->sort)
        walk_sorted(&walk, scope);
    else
        walk_depth_first(&walk, scope);
    linker_lock_release();
    for (size_t i = 0; i < walk.count; i++)
        construct(walk.order[i], scope == &scope_global);
    release(memory);
}

void fini_run(struct object *object)
{
    void (*const *run)(void) = object->fini_array.start;
    /* exit() in a constructor: its object has not been constructed (musl; glibc too at start) */
    linker_lock_take(); /* another thread may be about to end its constructors */
    bool ready = object->state == OBJECT_READY;
    if (ready)
        object->state = OBJECT_DESTRUCTED;
    linker_lock_release();
    if (!ready)
        return;
    if (object->fini == 0 && object->fini_array.count == 0)
        return;
    trace(TRACE_INIT, "destruct",
          (FIELD_TEXT("object", object_title(object)),
           FIELD_NUMBER("functions", object->fini_array.count + (object->fini != 0))),
          "%s: destructors: %zu of DT_FINI_ARRAY%s", object_title(object), object->fini_array.count,
          object->fini != 0 ? ", DT_FINI" : "");
    for (size_t i = object->fini_array.count; i-- > 0;)
        run[i]();
    if (object->fini != 0)
        ((void (*)(void))object->fini)();
}

void fini_all(void)
{
    for (;;) {
        linker_lock_take();
        struct object *object = init_last;
        if (object != NULL)
            init_last = object->constructed_before;
        linker_lock_release();
        if (object == NULL)
            return;
        fini_run(object);
    }
}

/* Constructs the objects of start, in load order, which is the global scope's. */
void init_all(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    /* not under the lock: a constructor may wait for a thread that calls dlsym() */
    init_preinit(fixed.program);
    init_run(&scope_global);
}

void fini_process(void)
{
    /* the destructors run without the lock: another thread's dlclose() must not unload their
     * objects */
    linker_lock_take();
    for (struct object *object = fixed.program; object != NULL; object = object_next(object))
        object->permanent = true;
    linker_lock_release();
    fini_all();
}
