/* flock(2). */
#include "syscall.h"
#include <sys/file.h>

int flock(int fd, int operation)
{
    return (int)SYS(SYS_flock, fd, operation);
}
