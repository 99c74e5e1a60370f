#include "handover.h"

#include "arch.h"
#include "arena.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "handover_offsets.h"
#include "message.h"
#include "reserved.h"
#include "stack.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

_Static_assert(offsetof(struct handover, stack_bytes) == HANDOVER_STACK_BYTES, "handover.S");
_Static_assert(offsetof(struct handover, clear_bytes) == HANDOVER_CLEAR_BYTES, "handover.S");
_Static_assert(offsetof(struct handover, step_count) == HANDOVER_STEP_COUNT, "handover.S");
_Static_assert(offsetof(struct handover, fpu) == HANDOVER_FPU, "handover.S");
_Static_assert(offsetof(struct handover, fpu_components) == HANDOVER_FPU_COMPONENTS, "handover.S");
_Static_assert(offsetof(struct handover, last_length) == HANDOVER_LAST_LENGTH, "handover.S");
_Static_assert(offsetof(struct handover, gadget) == HANDOVER_GADGET, "handover.S");
_Static_assert(offsetof(struct handover, frame_pointer) == HANDOVER_FRAME_POINTER, "handover.S");
_Static_assert(offsetof(struct handover_step, message) == STEP_MESSAGE, "handover.S");
_Static_assert(sizeof(struct handover_step) == STEP_SIZE, "handover.S");

_Static_assert(sizeof(struct handover_page) <= ARCH_PAGE, "one page");

struct handover_page *handover_begin(struct problem *problem)
{
    struct handover_page *page = arena_code_page();
    size_t length = (uintptr_t)arch_handover_end - (uintptr_t)arch_handover_start;
    if (page == NULL || length > sizeof page->code) {
        problem_set(problem, "no memory for the hand-over");
        return NULL;
    }
    memcpy(page->code, arch_handover_start, length);
    return page;
}

_Static_assert(STACK_HEADROOM >= ARCH_EXIT_MOST, "stack.h");

uintptr_t handover_low(const struct stack *stack, const struct arch_exit *exit)
{
    return stack->sp - arch_exit_bytes(exit);
}

/* A copy of a step's text in the arena; the tool's own text is unmapped when the step runs. NULL:
 * no memory is left, and the list will be incomplete. */
static const char *keep(struct handover_page *page, const char *text, size_t length)
{
    char *kept = malloc(length);
    if (kept == NULL)
        page->incomplete = true;
    else
        memcpy(kept, text, length);
    return kept;
}

void handover_step(struct handover_page *page, const char *message, long number, uint64_t a,
                   uint64_t b, uint64_t c, uint64_t d)
{
    if (page->handover.step_count == HANDOVER_STEPS_MAX)
        __builtin_trap();
    const char *kept = NULL;
    size_t length = 0;
    if (message != NULL) {
        length = strlen(message);
        kept = keep(page, message, length);
        if (kept == NULL)
            return;
    }
    page->steps[page->handover.step_count++] =
        (struct handover_step){(uint64_t)number, {a, b, c, d}, kept, length};
}

void handover_retry(struct handover_page *page)
{
    handover_step(page, NULL, SYS_clone, CLONE_VM | CLONE_VFORK | CLONE_NEWUSER | CLONE_UNTRACED, 0,
                  0, 0);
}

void handover_write(struct handover_page *page, int fd, const char *text, size_t length)
{
    const char *kept = keep(page, text, length);
    if (kept != NULL)
        handover_step(page, NULL, SYS_write, (uint64_t)fd, (uintptr_t)kept, length, 0);
}

/* Where memory that was written may not be executed (PR_SET_MDWE, some sandboxes), the code runs
 * from the tool's own file: from a second mapping of its page, at the end of the reserved range.
 * /proc/self/exe then stays the tool's, because a page of its file is mapped to the end. 0: that is
 * not possible either. */
static uintptr_t borrow_code(void)
{
    uintptr_t page = page_down((uintptr_t)arch_handover_start), to = reserved_end() - ARCH_PAGE;
    void *got = mremap((void *)page, ARCH_PAGE, ARCH_PAGE,
                       MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, (void *)to);
    return got == (void *)to ? to + ((uintptr_t)arch_handover_start - page) : 0;
}

bool handover_run(struct handover_page *page, const struct stack *stack, uintptr_t entry,
                  const struct arch_exit *exit, const char *name, struct problem *problem)
{
    struct handover *handover = &page->handover;
    uintptr_t low = handover_low(stack, exit);
    uint64_t mask = 0;
    if (page->incomplete)
        return problem_set(problem, "no memory for the hand-over");
    sys_call(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
    arch_exit_write(exit, stack->image - (stack->sp - low), stack->sp, entry, mask);

    handover->stack_from = stack->image - (stack->sp - low);
    handover->stack_to = low;
    handover->stack_bytes = stack->sp - low + stack->bytes;
    handover->clear_from = page_down(low);
    handover->clear_bytes = low - handover->clear_from;
    handover->steps = page->steps;
    handover->fpu_components = arch_fpu_initial(&page->fpu);
    handover->fpu = &page->fpu;
    handover->last_address = exit == NULL ? reserved_arena() : reserved_code();
    handover->last_length = reserved_end() - handover->last_address;
    arch_exit_enter(exit, low, handover);
    uintptr_t code = (uintptr_t)page->code;
    if (mprotect(page, ARCH_PAGE, PROT_READ | PROT_EXEC) != 0) {
        int error = errno;
        code = borrow_code();
        if (code == 0)
            return problem_set(problem, "memory may not be made executable (%s)",
                               message_errno(error));
        if (name != NULL)
            message(name, "/proc/self/exe stays uexec's (memory once written may not be made "
                          "executable)");
    }
    if (exit == NULL && code != (uintptr_t)page->code) /* the last system call returns to there */
        handover->last_length -= ARCH_PAGE;
    ((void (*)(struct handover *))code)(handover);
    __builtin_unreachable();
}
