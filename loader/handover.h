/* Hand-over: from the tool to the program, leaving nothing of the tool.
 *
 * Hand-over, in this order:
 *  1. copy the new stack to its place    (the tool's argv and frames are gone from here on)
 *  2. the listed system calls:
 *       thread state of the tool's libc  (needs no stack; nothing of libc may run after)
 *       stack below the new one dropped, the mapping cut to the kernel's size
 *       unmap the tool                   (all but this code; the file's pages must be gone ...)
 *       set /proc/self/exe               (... or the kernel says EBUSY)
 *       close the program's file         (needed until here for that)
 *       drop capabilities of the tool's  (which that may need)
 *       let a reader look                (--maps, --compare: everything is in place)
 *  3. registers as after execve
 *  4. unmap this code, from the vDSO's `syscall`, which returns to the entry point, or, if it
 *     leaves something in registers, to code of the program's that issues rt_sigreturn(2), which
 *     sets them all
 */
#ifndef UEXEC_HANDOVER_H
#define UEXEC_HANDOVER_H

#include "arch.h"
#include "base/problem.h"

#include <stdbool.h>

struct problem;
struct self;
struct stack;

/* One system call. If a step with a message fails, the message is written and the process ends; a
 * step without one may fail. */
struct handover_step {
    uint64_t number;
    uint64_t arguments[6];
    const char *message; /* in the arena; NULL: the step may fail */
    uint64_t message_length;
};

/* The input of arch_handover_start's code. handover_offsets.h repeats the offsets for the
 * assembler. */
struct handover {
    const void *stack_from; /* 1.: copied to stack_to, stack_bytes */
    uintptr_t stack_to;
    uint64_t stack_bytes;
    uintptr_t clear_from; /* the rest of that page: clear_bytes zeroes */
    uint64_t clear_bytes;
    const struct handover_step *steps; /* 2. */
    uint64_t step_count;
    const struct arch_fpu *fpu; /* 3. */
    uint64_t fpu_components;    /* ... the state components that it resets: see arch.h */
    uintptr_t last_address;     /* 4.: munmap's arguments */
    uint64_t last_length;
    uintptr_t gadget; /* the `syscall` that issues it; 0: none, and this page stays */
    uintptr_t frame;  /* the stack pointer for it */
    uintptr_t frame_pointer;
};

/* Room for the steps of any hand-over: the program's code determines their number, not its input.
 */
enum { HANDOVER_STEPS_MAX = 40 };

/* The hand-over's one page: the code, its input, the steps. It is written, then made executable and
 * no longer writable, and is unmapped last. */
struct handover_page {
    unsigned char code[512];
    struct arch_fpu fpu;
    struct handover handover;
    struct handover_step steps[HANDOVER_STEPS_MAX];
    bool incomplete; /* no memory for the text of a step: handover_run() refuses */
};

/* Makes the page, without steps, while the tool is whole. NULL: *problem. */
struct handover_page *handover_begin(struct problem *problem);

/* The lowest address that the hand-over copies to: below the new stack lie the words that the last
 * returns pop. (The rest of that page is cleared.) `exit` NULL: this page stays. */
uintptr_t handover_low(const struct stack *stack, const struct arch_exit *exit);

/* Appends a system call. `message` is a whole line, and is copied; NULL: the call may fail.
 * Arguments may point into the arena or the new stack only. */
void handover_step(struct handover_page *page, const char *message, long number, uint64_t a,
                   uint64_t b, uint64_t c, uint64_t d);

/* Appends a retry: if the step before was not permitted (EPERM), a child in this address space
 * tries it again, as the first process of a user namespace of its own, with all capabilities there.
 * The process waits for the child, which has no exit signal and is invisible to a tracer. May fail.
 */
void handover_retry(struct handover_page *page);

/* Appends the writing of `length` bytes of `text`, which are copied, to `fd`. */
void handover_write(struct handover_page *page, int fd, const char *text, size_t length);

/* Do it.  `exit` NULL: no way out was found; `name` not NULL: say on its behalf if
 * /proc/self/exe has to stay.  Returns only if memory was short for a step, or the
 * page cannot be made executable: false, *problem. */
bool handover_run(struct handover_page *page, const struct stack *stack, uintptr_t entry,
                  const struct arch_exit *exit, const char *name, struct problem *problem);

#endif
