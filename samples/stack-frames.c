/* stack-frames: the stack is a linked list of calls.
 *
 * `call` pushes the return address. A function then pushes its caller's frame pointer (rbp) and
 * sets its own rbp to that place. The caller's rbp is then at rbp, the return address above it, and
 * the locals of the call below it:
 *
 *     rbp + 8    return address              the list runs upwards, from the innermost call
 *     rbp        caller's rbp   ---------->  to main; the stack grows downwards
 *     rbp - ...  locals, down to rsp
 *
 * From rbp alone the deepest call finds all calls that led to it, as a debugger's backtrace does.
 * The program compares them with what each call has recorded about itself. System V psABI, section
 * 3.2.2; gcc(1) -fomit-frame-pointer: the functions here use __builtin_frame_address, which makes
 * gcc keep rbp as frame pointer.
 */
#define _GNU_SOURCE
#include "pause.h"
#include <stdint.h>

enum { CALLS = 5, LOCALS = 64 };

struct frame {
    struct frame *caller; /* what rbp points to */
    uintptr_t return_to;
};

/* What each call records about itself; 0 is main. */
static struct {
    struct frame *frame;
    volatile char *locals;
} noted[CALLS + 1];

int main(int argc, char **argv);
void descend(int depth);

/* Returns "descend+0x2f": the last function that begins before the address, and the offset in it.
 */
static const char *code_name(uintptr_t address)
{
    static char name[32];
    uintptr_t in_main = address - (uintptr_t)main, in_descend = address - (uintptr_t)descend;
    int is_main = in_main < in_descend;

    snprintf(name, sizeof name, "%s+%#zx", is_main ? "main" : "descend",
             (size_t)(is_main ? in_main : in_descend));
    return name;
}

/* noipa, here and below: gcc neither inlines the function nor clones it for one argument. */
__attribute__((noipa)) static void chain_walk(void)
{
    struct frame *frame = __builtin_frame_address(0), *inner;
    char name[16];

    printf("%-10s %14s %5s  %14s  %-14s %s\n", "CALL", "FRAME (rbp)", "SIZE", "CALLER'S rbp",
           "RETURNS TO", "LOCALS AT");
    printf("%-10s %14p %5s  %14p  %s\n", "chain_walk", (void *)frame, "", (void *)frame->caller,
           code_name(frame->return_to));
    for (int depth = CALLS; depth >= 0; depth--) {
        inner = frame;
        frame = frame->caller;
        snprintf(name, sizeof name, depth > 0 ? "descend(%d)" : "main", depth);
        printf("%-10s %14p %5zu", name, (void *)frame, (size_t)((char *)frame - (char *)inner));
        if (depth > 0)
            printf("  %14p  %-14s rbp-%zu", (void *)frame->caller, code_name(frame->return_to),
                   (size_t)((char *)frame - noted[depth].locals));
        printf("%s\n", frame == noted[depth].frame ? "" : "  NOT AS NOTED");
    }
    pause_at("in the deepest call");
}

__attribute__((noipa)) void descend(int depth)
{
    volatile char locals[LOCALS];

    locals[0] = (char)depth;
    noted[depth].frame = __builtin_frame_address(0);
    noted[depth].locals = locals;
    if (depth < CALLS)
        descend(depth + 1);
    else
        chain_walk();
    locals[0] = 0; /* without code after the call, gcc would make it a jump */
}

int main(int argc, char **argv)
{
    pause_prepare(argc, argv);
    noted[0].frame = __builtin_frame_address(0);
    descend(1);
    return 0;
}
