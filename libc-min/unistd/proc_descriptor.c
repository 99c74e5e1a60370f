#include "descriptor.h"
#include <errno.h>
#include <string.h>

void __descriptor_name(char *to, int fd)
{
    static const char folder[] = "/proc/self/fd/";
    unsigned number = (unsigned)fd, unit = 1;

    memcpy(to, folder, sizeof folder - 1);
    to += sizeof folder - 1;
    while (number / unit >= 10)
        unit *= 10;
    for (; unit; unit /= 10)
        *to++ = (char)('0' + number / unit % 10);
    *to = 0;
}

int __call_missing(long answer)
{
    return answer == -ENOSYS || answer == -EPERM;
}
