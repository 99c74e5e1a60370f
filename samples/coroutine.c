/* coroutine: a stack is the memory that rsp points to; a new value of rsp is another stack.
 *
 * A producer and a consumer each have a stack of their own, from mmap. Neither returns to the
 * other: each stops in the middle, and the other continues at the place where it last stopped. The
 * state of a function is on its stack, so a switch has three steps: push the registers that a
 * function must preserve, exchange rsp, pop the registers from the other stack. The `ret` after
 * them returns to the place of the other function's last switch. The program has one thread and no
 * scheduler.
 *
 * The registers: System V psABI, figure 3.4 (callee-saved). In a library: makecontext(3).
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <sys/mman.h>

enum { STACK = 64 * KIB, PAGE = 4 * KIB, VALUES = 4 };

/* stack_switch(save, next): saves rsp at rdi (`save`) and continues with the rsp in rsi (`next`).
 */
void stack_switch(uintptr_t **save, uintptr_t *next);
__asm__(".text\n"
        ".globl stack_switch\n"
        ".type stack_switch, @function\n"
        "stack_switch:\n"
        "    push %rbp\n    push %rbx\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n"
        "    mov %rsp, (%rdi)\n"
        "    mov %rsi, %rsp\n"
        "    pop %r15\n    pop %r14\n    pop %r13\n    pop %r12\n    pop %rbx\n    pop %rbp\n"
        "    ret\n"
        ".size stack_switch, . - stack_switch\n");

enum { SAVED = 6 }; /* registers that stack_switch pushes */

static uintptr_t *main_rsp, *producer_rsp, *consumer_rsp; /* of the functions that do not run */
static int channel;                                       /* the value to consume; 0 is the end */

/* Makes a stack with a guard page below it. stack_switch finds on it registers to pop and `entry`
 * as the return address. At `entry`, rsp must be 8 more than a multiple of 16, as after a call. */
static uintptr_t *stack_make(const char *name, void (*entry)(void))
{
    struct mapping map;
    char *low = mmap(NULL, PAGE + STACK, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (low == MAP_FAILED || mprotect(low + PAGE, STACK, PROT_READ | PROT_WRITE) != 0) {
        perror("coroutine: mmap");
        exit(1);
    }
    mapping_find((uintptr_t)low + PAGE, &map);
    printf("%-9s ", name);
    mapping_print(&map);

    uintptr_t *top = (uintptr_t *)(void *)(low + PAGE + STACK);
    top[-1] = 0; /* entry's own return address: it must not return */
    top[-2] = (uintptr_t)entry;
    return top - 2 - SAVED; /* the pages are zero, and so are the registers that are popped */
}

static void say(const char *who, const char *what, int value)
{
    int local;

    printf("%-9s %-5s %3d   a local is at %#zx\n", who, what, value, (size_t)&local);
}

static void producer(void)
{
    for (int i = 1; i <= VALUES; i++) {
        channel = i * i;
        say("producer", "makes", channel);
        stack_switch(&producer_rsp, consumer_rsp);
    }
    channel = 0;
    stack_switch(&producer_rsp, consumer_rsp);
    abort(); /* nobody switches back */
}

static void consumer(void)
{
    int sum = 0; /* lives on this stack from one value to the next */

    for (; channel != 0; stack_switch(&consumer_rsp, producer_rsp)) {
        sum += channel;
        say("consumer", "sums", sum);
        if (sum == 5)
            pause_at("between two values");
    }
    stack_switch(&consumer_rsp, main_rsp);
    abort();
}

int main(int argc, char **argv)
{
    struct mapping map;

    pause_prepare(argc, argv);
    output_prepare();

    mapping_named("[stack]", &map);
    printf("main      ");
    mapping_print(&map);
    producer_rsp = stack_make("producer", producer);
    consumer_rsp = stack_make("consumer", consumer);

    printf("\n");
    say("main", "starts", 0);
    stack_switch(&main_rsp, producer_rsp);
    say("main", "ends", 0);
    return 0;
}
