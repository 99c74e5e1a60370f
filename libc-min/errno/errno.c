#include "syscall.h"
#include "thread.h"
#include <errno.h>

int *__errno_location(void)
{
    return &thread_self()->error;
}

long __sys_result(long answer)
{
    if ((unsigned long)answer > -4096UL) {
        thread_self()->error = (int)-answer;
        return -1;
    }
    return answer;
}
