/* System calls as the C library makes them: base/syscall.h's, and errno. */
#ifndef LIBC_SYSCALL_H
#define LIBC_SYSCALL_H

#include "alias.h"
#include "base/syscall.h"

/* Turns the kernel's answer into the C library's: an error goes to errno and becomes -1. */
HIDDEN long __sys_result(long answer);

/* The two together, what most wrappers are made of. */
#define SYS(...) __sys_result(sys_call(__VA_ARGS__))

#endif
