/* utimes(3), utime(3). */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

static int times_set(int directory, const char *path, const struct timeval times[2], int flags)
{
    struct timespec exact[2];

    for (int i = 0; times && i < 2; i++) {
        if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000) {
            errno = EINVAL;
            return -1;
        }
        exact[i] = (struct timespec){times[i].tv_sec, times[i].tv_usec * 1000};
    }
    return utimensat(directory, path, times ? exact : NULL, flags);
}

int utimes(const char *path, const struct timeval times[2])
{
    return times_set(AT_FDCWD, path, times, 0);
}

int lutimes(const char *path, const struct timeval times[2])
{
    return times_set(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int futimes(int fd, const struct timeval times[2])
{
    return times_set(fd, NULL, times, 0);
}

int utime(const char *path, const struct utimbuf *times)
{
    struct timespec exact[2];

    if (times) {
        exact[0] = (struct timespec){times->actime, 0};
        exact[1] = (struct timespec){times->modtime, 0};
    }
    return utimensat(AT_FDCWD, path, times ? exact : NULL, 0);
}
