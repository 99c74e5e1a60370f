/* nice(3). */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

int nice(int increment)
{
    int value;

    increment = increment > 40 ? 40 : increment < -40 ? -40 : increment;
    value = getpriority(PRIO_PROCESS, 0) + increment;
    value = value > 19 ? 19 : value < -20 ? -20 : value;
    if (setpriority(PRIO_PROCESS, 0, value) != 0) {
        if (errno == EACCES)
            errno = EPERM; /* POSIX's for nice() */
        return -1;
    }
    return getpriority(PRIO_PROCESS, 0);
}
