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
