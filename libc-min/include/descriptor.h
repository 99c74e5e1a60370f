/* Files by their descriptor, for system calls that take only a name. */
#ifndef LIBC_DESCRIPTOR_H
#define LIBC_DESCRIPTOR_H

#include "alias.h"

enum { DESCRIPTOR_NAME = 32 }; /* bytes that __descriptor_name() writes at most */

/* Writes "/proc/self/fd/N", a name of the open file, even with O_PATH (proc(5)). */
HIDDEN void __descriptor_name(char *to, int fd);

/* Nonzero if the answer of a new system call means that the kernel lacks the call. That is ENOSYS;
 * and EPERM, which seccomp filters older than the call answer. If EPERM is a real error, the older
 * way fails with EPERM too. */
HIDDEN int __call_missing(long answer);

#endif
