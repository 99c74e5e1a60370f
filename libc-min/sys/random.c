/* getrandom(2), getentropy(3). */
#include "descriptor.h"
#include "syscall.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

/* random(4): reads the device if the kernel lacks the call (before Linux 3.17). */
static long random_read(void *buffer, size_t size, unsigned flags)
{
    long fd, answer;

    if (flags & ~(unsigned)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
        return -EINVAL;
    fd = sys_call(SYS_open, flags & GRND_RANDOM ? "/dev/random" : "/dev/urandom",
                  O_RDONLY | O_CLOEXEC | (flags & GRND_NONBLOCK ? O_NONBLOCK : 0));
    if (fd < 0)
        return fd == -ENOENT ? -ENOSYS : fd;
    answer = sys_call(SYS_read, fd, buffer, size);
    sys_call(SYS_close, fd);
    return answer;
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
    long answer = sys_call(SYS_getrandom, buffer, size, flags);

    return __sys_result(__call_missing(answer) ? random_read(buffer, size, flags) : answer);
}

int getentropy(void *buffer, size_t size)
{
    char *to = buffer;

    if (size > 256) {
        errno = EIO;
        return -1;
    }
    while (size) {
        ssize_t got = getrandom(to, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        to += got;
        size -= (size_t)got;
    }
    return 0;
}
