/* Names: which name a symbol of the library has, and who may see it.
 *
 * Two rules keep a program's own names apart from the library's (ISO C 7.1.3):
 *  - a name that files of the library share, and that is not public, begins with two
 *    underscores and is HIDDEN;
 *  - a function of ISO C calls nothing that ISO C does not name: printf() may not call write(),
 *    because the program may define its own. Such a function makes the system call itself
 *    (syscall.h), or calls a `__` name. A function of POSIX may call functions of POSIX.
 * tests/libc-errors.bats checks both. */
#ifndef LIBC_ALIAS_H
#define LIBC_ALIAS_H

#define HIDDEN __attribute__((visibility("hidden")))

/* Defines `new` as a second name of the function or object `old`, which is in the same file. */
#define ALIAS(old, new) extern __typeof(old) new __attribute__((alias(#old)))

/* The same, and a program may define the name itself. */
#define WEAK_ALIAS(old, new) extern __typeof(old) new __attribute__((weak, alias(#old)))

/* The names with 64, which a program imports that was compiled for large files without musl's
 * headers. off_t always has 64 bits here, and musl's headers define these names as macros. */
#define LARGE_ALIAS(old, new) __asm__(".weak " #new "\n.set " #new ", " #old)

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#endif
