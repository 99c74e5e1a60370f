/* Files by their descriptor, for calls that take only a name. */
#ifndef LIBC_DESCRIPTOR_H
#define LIBC_DESCRIPTOR_H

#include "alias.h"

enum { DESCRIPTOR_NAME = 32 }; /* bytes that __descriptor_name() writes at most */

/* "/proc/self/fd/N", which names what is open there, even with O_PATH (proc(5)). */
HIDDEN void __descriptor_name(char *to, int fd);

/* Does the answer of a new system call say that the kernel has not got it? ENOSYS; and EPERM, which
 * seccomp filters older than the call gave, and which the old way gives again where it is meant. */
HIDDEN int __call_missing(long answer);

#endif
