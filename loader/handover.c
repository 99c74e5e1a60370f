#include "handover.h"

#include "message.h"
#include "stack.h"
#include "zone.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { STEPS_MAX = 64, TEXT_MAX = 16 * 1024 };

_Static_assert(offsetof(struct handover, stack_bytes) == HANDOVER_STACK_BYTES, "handover.S");
_Static_assert(offsetof(struct handover, clear_bytes) == HANDOVER_CLEAR_BYTES, "handover.S");
_Static_assert(offsetof(struct handover, step_count) == HANDOVER_STEP_COUNT, "handover.S");
_Static_assert(offsetof(struct handover, fpu) == HANDOVER_FPU, "handover.S");
_Static_assert(offsetof(struct handover, last_length) == HANDOVER_LAST_LENGTH, "handover.S");
_Static_assert(offsetof(struct handover, gadget) == HANDOVER_GADGET, "handover.S");
_Static_assert(offsetof(struct handover, rbp) == HANDOVER_RBP, "handover.S");
_Static_assert(offsetof(struct handover_step, message) == STEP_MESSAGE, "handover.S");
_Static_assert(sizeof(struct handover_step) == STEP_SIZE, "handover.S");

/* Everything that the hand-over needs, in one mapping: a page of code first, so
 * that it alone can stay, then the data, then the new stack. */
struct memory {
    struct handover handover;
    struct arch_fpu fpu;
    struct handover_step steps[STEPS_MAX];
    _Alignas(16) char text[TEXT_MAX];
    unsigned char stack[];
};

/* Words below the program's stack pointer that a gadget may pop. */
enum { FRAME_WORDS = 16 };

bool handover_begin(struct handover_builder *builder, size_t stack_bytes, struct problem *problem)
{
    size_t data = sizeof(struct memory) + FRAME_WORDS * sizeof(uint64_t) + stack_bytes;
    size_t length = ARCH_PAGE + ((data + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1));
    void *code = mmap((void *)ZONE_HANDOVER, length, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (code != (void *)ZONE_HANDOVER)
        return problem_set(problem, STATUS_UNUSABLE,
                           "no memory for the hand-over (%zu bytes: %s)", length,
                           message_errno(errno));
    memcpy(code, arch_handover_start, (size_t)(arch_handover_end - arch_handover_start));
    if (mprotect(code, ARCH_PAGE, PROT_READ | PROT_EXEC) != 0)
        return problem_set(problem, STATUS_UNUSABLE,
                           "memory may not be made executable (%s)", message_errno(errno));
    struct memory *memory = (struct memory *)((char *)code + ARCH_PAGE);
    *builder = (struct handover_builder){.handover = &memory->handover,
                                         .steps = memory->steps,
                                         .text = memory->text,
                                         .text_room = sizeof memory->text,
                                         .code = (uintptr_t)code,
                                         .length = length};
    return true;
}

void *handover_keep(struct handover_builder *builder, const void *data, size_t length)
{
    size_t taken = (length + 15) & ~(size_t)15;
    if (taken > builder->text_room)
        return NULL;
    void *kept = builder->text;
    memcpy(kept, data, length);
    builder->text += taken;
    builder->text_room -= taken;
    return kept;
}

uintptr_t handover_low(const struct stack *stack, const struct arch_gadget *gadget)
{
    size_t words = gadget == NULL ? 0 : gadget->words;
    return stack->sp - (words + 1) * sizeof(uint64_t);
}

void handover_step(struct handover_builder *builder, const char *message, long number, uint64_t a,
                   uint64_t b, uint64_t c, uint64_t d)
{
    if (builder->step_count == STEPS_MAX)
        __builtin_trap(); /* the list is fixed by this program, not by its input */
    struct handover_step *step = &builder->steps[builder->step_count++];
    *step = (struct handover_step){.number = (uint64_t)number, .arguments = {a, b, c, d}};
    if (message != NULL) {
        char line[256];
        size_t length = (size_t)snprintf(line, sizeof line, "uexec: hand-over: %s\n", message);
        step->message = handover_keep(builder, line, length);
        step->message_length = length;
    }
}

void handover_write(struct handover_builder *builder, int fd, const char *text, size_t length)
{
    const char *kept = handover_keep(builder, text, length);
    if (kept != NULL)
        handover_step(builder, NULL, SYS_write, (uint64_t)fd, (uintptr_t)kept, length, 0);
}

void handover_run(struct handover_builder *builder, const struct stack *stack, uintptr_t entry,
                  const struct arch_gadget *gadget)
{
    struct memory *memory = (struct memory *)builder->handover;
    struct handover *handover = builder->handover;
    /* the frame that the last system call's code pops: words of zero, then the
     * entry point; without a gadget the copied code returns through the same */
    uintptr_t low = handover_low(stack, gadget);
    size_t frame = stack->sp - low;
    memcpy(memory->stack + frame - sizeof entry, &entry, sizeof entry);
    memcpy(memory->stack + frame, stack->image, stack->bytes);

    handover->stack_from = memory->stack;
    handover->stack_to = low;
    handover->stack_bytes = frame + stack->bytes;
    handover->clear_from = handover->stack_to & ~(ARCH_PAGE - 1);
    handover->clear_bytes = handover->stack_to - handover->clear_from;
    handover->steps = memory->steps;
    handover->step_count = builder->step_count;
    arch_fpu_initial(&memory->fpu);
    handover->fpu = &memory->fpu;
    handover->last_address = builder->code;
    handover->last_length = builder->length;
    if (gadget == NULL) {
        handover->last_address += ARCH_PAGE;
        handover->last_length -= ARCH_PAGE;
    }
    handover->gadget = gadget == NULL ? 0 : gadget->address;
    handover->frame = handover->stack_to;
    handover->rbp = gadget != NULL && gadget->leave ? handover->stack_to : 0;
    ((void (*)(struct handover *))builder->code)(handover);
    __builtin_unreachable();
}
