/* libc.so: the dynamic linker that mapped it sets __linker (linker.h). */
#include "alias.h"
#include "base/linker.h"
#include "syscall.h"
#include "thread.h"
#include "unload.h"
#include <signal.h>
#include <string.h>

HIDDEN void __begin(int argc, char **argv);
HIDDEN void __exit_unload(const void *start, const void *end);
HIDDEN void __exit_forget(const void *start, const void *end);
HIDDEN void __quick_exit_forget(const void *start, const void *end);
HIDDEN void __atfork_forget(const void *start, const void *end);
HIDDEN void __keys_forget(const void *start, const void *end);
HIDDEN void __environ_forget(const void *start, const void *end);
HIDDEN void __random_forget(const void *start, const void *end);
HIDDEN void __stdio_forget(const void *start, const void *end);

const struct linker *__linker;

/* The kernel's struct sigaction (rt_sigaction(2)). */
struct kernel_action {
    const void *handler;
    unsigned long flags;
    const void *restorer;
    unsigned long mask;
};

static bool handles_signals(const void *start, const void *end)
{
    struct kernel_action action = {NULL, 0, NULL, 0};

    for (int signal = 1; signal < _NSIG; signal++)
        if (sys_call(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) == 0 &&
            address_within(action.handler, start, end))
            return true;
    return false;
}

/* Checks the calling thread only: the kernel does not reveal the stack of another. */
static bool is_signal_stack(const void *start, const void *end)
{
    stack_t stack;

    return sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE) &&
           address_within(stack.ss_sp, start, end);
}

static void stack_size(size_t size)
{
    __default_raise(&__default_stack_size, size, DEFAULT_STACK_MAX);
}

static bool forget(const void *start, const void *end)
{
    __exit_forget(start, end);
    __quick_exit_forget(start, end);
    __atfork_forget(start, end);
    __keys_forget(start, end);
    __environ_forget(start, end);
    __stdio_forget(start, end);
    __random_forget(start, end);
    return handles_signals(start, end) || is_signal_stack(start, end);
}

static bool runs(const struct __pthread *thread, const void *start, const void *end)
{
    return address_within((const void *)(uintptr_t)thread->start, start, end) &&
           thread->state != THREAD_EXITED;
}

const struct linker_client __linker_client = {
    .version = LINKER_VERSION,
    .control_align = _Alignof(struct __pthread),
    .control_size = sizeof(struct __pthread),
    .begin = __begin,
    .stack_size = stack_size,
    .unload = __exit_unload,
    .forget = forget,
    .runs = runs,
};

void __linker_check(void)
{
#define TEXT(number)    TEXT_OF(number)
#define TEXT_OF(number) #number
    static const char text[] = "libc.so: no linker of version " TEXT(
        LINKER_VERSION) " has started this program (it needs ld-uexec.so.1)\n";

    if (__linker && __linker->version == LINKER_VERSION)
        return;
    sys_call(SYS_write, 2, text, sizeof text - 1);
    for (;;)
        sys_call(SYS_exit_group, 127);
}
