/* gethostname(2). */
#include "syscall.h"
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

int gethostname(char *name, size_t size)
{
    struct utsname system;
    size_t length;

    if (uname(&system) != 0)
        return -1;
    length = strnlen(system.nodename, sizeof system.nodename - 1);
    if (length >= size) {
        memcpy(name, system.nodename, size);
        if (size)
            name[size - 1] = 0; /* cut, but terminated, as in musl */
        return 0;
    }
    memcpy(name, system.nodename, length);
    name[length] = 0;
    return 0;
}

int sethostname(const char *name, size_t length)
{
    return (int)SYS(SYS_sethostname, name, length);
}
