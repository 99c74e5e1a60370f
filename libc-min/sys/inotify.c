/* inotify(7). */
#include "syscall.h"
#include <sys/inotify.h>

int inotify_init(void)
{
    return (int)SYS(SYS_inotify_init);
}

int inotify_init1(int flags)
{
    return (int)SYS(SYS_inotify_init1, flags);
}

int inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    return (int)SYS(SYS_inotify_add_watch, fd, path, mask);
}

int inotify_rm_watch(int fd, int watch)
{
    return (int)SYS(SYS_inotify_rm_watch, fd, watch);
}
