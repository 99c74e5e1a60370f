/* quick_exit(3). ISO C 7.22.4.3: at least 32 functions. */
#include "alias.h"
#include "lock.h"
#include "unload.h"
#include <stdlib.h>

HIDDEN lock_t __quick_exit_lock;
static void (*quick[32])(void);
static int quick_count;

int at_quick_exit(void (*function)(void))
{
    int answer = -1;

    lock_take(&__quick_exit_lock);
    if (quick_count < 32) {
        quick[quick_count++] = function;
        answer = 0;
    }
    lock_release(&__quick_exit_lock);
    return answer;
}

HIDDEN void __quick_exit_forget(const void *start, const void *end);

/* dlclose() of a library: its functions are not called any more (as glibc). */
void __quick_exit_forget(const void *start, const void *end)
{
    int kept = 0;

    lock_take(&__quick_exit_lock);
    for (int i = 0; i < quick_count; i++)
        if (!address_within((const void *)(uintptr_t)quick[i], start, end))
            quick[kept++] = quick[i];
    quick_count = kept;
    lock_release(&__quick_exit_lock);
}

_Noreturn void quick_exit(int status)
{
    lock_take(&__quick_exit_lock);
    while (quick_count) {
        void (*function)(void) = quick[--quick_count];
        lock_release(&__quick_exit_lock);
        function();
        lock_take(&__quick_exit_lock);
    }
    _Exit(status);
}
