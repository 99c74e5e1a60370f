/* What the last returns pop: the words of the gadget and of the restorer, and a signal frame. */
#include "loader/arch.h"
#include "loader/handover.h"

#include <signal.h>
#include <string.h>

/* The part of a signal's frame that rt_sigreturn(2) reads, from the word after the restorer's
 * address: the kernel's struct ucontext (<asm/ucontext.h>, <asm/sigcontext.h>), 64-bit. */
struct frame {
    uint64_t flags, link;
    uint64_t stack_address, stack_flags, stack_bytes; /* the alternate one (sigaltstack(2)) */
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
    uint64_t eflags;
    uint16_t cs, gs, fs, ss;
    uint64_t error, trap, old_mask, cr2;
    uint64_t fpstate; /* 0: x87 and vector registers become those of a new process */
    uint64_t reserved[8];
    uint64_t mask; /* blocked signals, bit 0 is signal 1 */
};

_Static_assert(sizeof(struct frame) == 304, "ARCH_EXIT_MOST");

static bool uses_frame(const struct arch_exit *exit)
{
    return exit != NULL && exit->restorer.count != 0;
}

size_t arch_exit_frame_bytes(const struct arch_exit *exit)
{
    return uses_frame(exit) ? sizeof(struct frame) : 0;
}

size_t arch_exit_bytes(const struct arch_exit *exit)
{
    size_t words = (exit == NULL ? 0 : exit->gadget.words) +
                   (uses_frame(exit) ? exit->restorer.count : 1 /* the entry point */);
    return words * sizeof(uint64_t) + arch_exit_frame_bytes(exit);
}

/* Registers as after execve, no alternate stack. */
static struct frame make_frame(uintptr_t sp, uintptr_t entry, uint64_t mask)
{
    /* <asm/ucontext.h>: ss is to be loaded as given; <asm/processor-flags.h>: bit 1 is always
     * set, interrupts are on; <asm/segment.h>: the user's code and stack segments */
    enum {
        SIGCONTEXT_SS = 2,
        STRICT_RESTORE_SS = 4,
        FLAGS = 0x202,
        USER_CS = 0x33,
        USER_DS = 0x2b
    };
    return (struct frame){
        .flags = SIGCONTEXT_SS | STRICT_RESTORE_SS,
        .stack_flags = SS_DISABLE,
        .rsp = sp,
        .rip = entry,
        .eflags = FLAGS,
        .cs = USER_CS,
        .ss = USER_DS,
        .mask = mask,
    };
}

void arch_exit_write(const struct arch_exit *exit, unsigned char *to, uintptr_t sp, uintptr_t entry,
                     uint64_t mask)
{
    unsigned char *end = to + arch_exit_bytes(exit);
    memset(to, 0, (size_t)(end - to));
    if (!uses_frame(exit)) {
        memcpy(end - sizeof entry, &entry, sizeof entry);
        return;
    }
    struct frame frame = make_frame(sp, entry, mask);
    size_t bytes = exit->restorer.count * sizeof *exit->restorer.words;
    memcpy(end - sizeof frame, &frame, sizeof frame);
    memcpy(end - sizeof frame - bytes, exit->restorer.words, bytes);
}

void arch_exit_enter(const struct arch_exit *exit, uintptr_t low, struct handover *handover)
{
    handover->gadget = exit == NULL ? 0 : exit->gadget.address;
    handover->frame = low;
    handover->frame_pointer = exit != NULL && exit->gadget.leave ? low : 0;
}
