/* thread-stack: a thread's stack is a mapping like any other, with guard pages below it.
 *
 * The kernel makes the stack of the first thread, [stack], which grows with its use. For another
 * thread pthread_create maps a stack of fixed size. A stack that overflows would run into the
 * mapping below it. The guard pages below the stack allow no access (---p): the thread gets SIGSEGV
 * instead of overwriting other memory.
 *
 * After pthread_join the stack is unused. Some libraries unmap it at once, others keep it for the
 * next thread. pthread_create(3), pthread_attr_setguardsize(3).
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <pthread.h>

static struct mapping stack, guard;
static uintptr_t thread_local_at;

/* The thread only looks; main prints, so that printf does not run on the stack that is looked at.
 */
static void *thread_main(void *nothing)
{
    int local = 0;

    thread_local_at = (uintptr_t)&local;
    if (mapping_find(thread_local_at, &stack))
        mapping_find(stack.start - 1, &guard);
    pause_at("in the thread");
    return nothing;
}

static void row_print(const char *what, uintptr_t address, const struct mapping *map)
{
    printf("%-22s %#14zx  ", what, (size_t)address);
    mapping_print(map);
}

int main(int argc, char **argv)
{
    struct mapping map;
    pthread_t thread;
    int local = 0, failed;

    pause_prepare(argc, argv);
    output_prepare();

    if ((failed = pthread_create(&thread, NULL, thread_main, NULL)) != 0 ||
        (failed = pthread_join(thread, NULL)) != 0) {
        fprintf(stderr, "thread-stack: %s\n", strerror(failed));
        return 1;
    }

    printf("%-22s %14s  %s\n", "WHAT", "ADDRESS", "IN THE MAPPING");
    mapping_find((uintptr_t)&local, &map);
    row_print("local of main", (uintptr_t)&local, &map);
    row_print("local of the thread", thread_local_at, &stack);
    row_print("  just below its stack", stack.start - 1, &guard);
    mapping_find(thread_local_at, &map);
    row_print("there after the join", thread_local_at, &map);
    printf("\nthe local is %zuK below the stack's upper end, %zuK above the guard\n",
           (size_t)(stack.end - thread_local_at) / KIB,
           (size_t)(thread_local_at - stack.start) / KIB);
    pause_at("after the join");
    return 0;
}
