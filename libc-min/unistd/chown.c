/* chown(2). */
#include "syscall.h"
#include <unistd.h>

int chown(const char *path, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_chown, path, owner, group);
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_lchown, path, owner, group);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return (int)SYS(SYS_fchown, fd, owner, group);
}

int fchownat(int directory, const char *path, uid_t owner, gid_t group, int flags)
{
    return (int)SYS(SYS_fchownat, directory, path, owner, group, flags);
}
