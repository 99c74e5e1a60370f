/* setjmp longjmp sigsetjmp siglongjmp: ISO C 7.13, POSIX. */
#include "check.h"
#include <setjmp.h>
#include <signal.h>

static jmp_buf here;
static sigjmp_buf signal_here;

static int down(int depth, int value)
{
    volatile char frame[64];

    frame[depth % 64] = 1;
    if (!depth)
        longjmp(here, value);
    return down(depth - 1, value) + frame[0];
}

/* What a called function keeps (psABI 3.2.1) is as it was at setjmp(), whatever was done to it
 * since. */
static void registers(void)
{
    long seen[6] = {1, 2, 3, 4, 5, 6};

    __asm__ volatile("push %%rbp\n\t"
                     "mov $11, %%rbx\n\tmov $12, %%rbp\n\tmov $13, %%r12\n\tmov $14, %%r13\n\t"
                     "mov $15, %%r14\n\tmov $16, %%r15\n\t"
                     "push %1\n\tpush %0\n\t"
                     "mov %1, %%rdi\n\tcall setjmp\n\t"
                     "test %%eax, %%eax\n\tjnz 1f\n\t"
                     "xor %%ebx, %%ebx\n\txor %%ebp, %%ebp\n\txor %%r12d, %%r12d\n\t"
                     "xor %%r13d, %%r13d\n\txor %%r14d, %%r14d\n\txor %%r15d, %%r15d\n\t"
                     "mov 8(%%rsp), %%rdi\n\tmov $1, %%esi\n\tcall longjmp\n"
                     "1:\tpop %%rax\n\tpop %%rcx\n\t"
                     "mov %%rbx, (%%rax)\n\tmov %%rbp, 8(%%rax)\n\tmov %%r12, 16(%%rax)\n\t"
                     "mov %%r13, 24(%%rax)\n\tmov %%r14, 32(%%rax)\n\tmov %%r15, 40(%%rax)\n\t"
                     "pop %%rbp"
                     :
                     : "a"(seen), "c"(here)
                     : "rbx", "r12", "r13", "r14", "r15", "rdi", "rsi", "rdx", "r8", "r9", "r10",
                       "r11", "memory", "cc");
    for (int i = 0; i < 6; i++)
        CHECK_IS(seen[i], 11 + i);
}

static int value_given(int value)
{
    volatile int kept = 17;
    int got = setjmp(here);

    if (!got) {
        kept = 18;
        down(100, value);
    }
    CHECK_IS(kept, 18);
    return got;
}

static int blocked(int signal)
{
    sigset_t set;

    sigprocmask(SIG_BLOCK, NULL, &set);
    return sigismember(&set, signal);
}

static void catch (int signal)
{
    siglongjmp(signal_here, signal);
}

int main(void)
{
#ifndef __GLIBC__ /* whose frame pointer is mangled on its own terms; it has tests of its own */
    registers();
#endif
    CHECK_IS(value_given(5), 5);
    CHECK_IS(value_given(-1), -1);
    CHECK_IS(value_given(0), 1); /* ISO C 7.13.2.1p4 */

    signal(SIGUSR1, catch);
    for (volatile int round = 0; round < 3; round++) { /* the mask is given back: it comes again */
        if (sigsetjmp(signal_here, 1) == 0) {
            raise(SIGUSR1);
            CHECK(!"raise() came back");
        }
        CHECK_IS(blocked(SIGUSR1), 0);
    }
    if (sigsetjmp(signal_here, 0) == 0)
        raise(SIGUSR1);
    CHECK_IS(blocked(SIGUSR1), 1); /* not saved, so still as in the handler */
    return check_end();
}
