/* System calls with errno, on top of base/syscall.h. */
#ifndef LIBC_SYSCALL_H
#define LIBC_SYSCALL_H

#include "alias.h"
#include "base/syscall.h"

/* Turns the kernel's answer into the C library's: stores an error in errno and returns -1. */
HIDDEN long __sys_result(long answer);

/* A system call with errno, the body of most wrappers. */
#define SYS(...) __sys_result(sys_call(__VA_ARGS__))

#endif
