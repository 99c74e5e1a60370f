/* Names: what a symbol of the library is called, and who may see it.
 *
 * Two rules keep a program's own names apart from the library's (ISO C 7.1.3):
 *  - what is shared between files of the library and is nobody's business outside begins with two
 *    underscores and is HIDDEN;
 *  - a function of ISO C calls nothing that ISO C does not name: printf() may not call write(),
 *    which the program may have defined.  It makes the system call itself (syscall.h), or calls a
 *    `__` name.  A function of POSIX may call POSIX.  tests/libc-errors.bats checks both. */
#ifndef LIBC_ALIAS_H
#define LIBC_ALIAS_H

#define HIDDEN __attribute__((visibility("hidden")))

/* The second name is defined as the first function or object, which is in the same file. */
#define ALIAS(old, new) extern __typeof(old) new __attribute__((alias(#old)))

/* The same, and a program may define the name itself. */
#define WEAK_ALIAS(old, new) extern __typeof(old) new __attribute__((weak, alias(#old)))

/* The names with 64 that a program compiled for large files by hand imports; off_t was always that
 * here, and musl's headers define them as macros. */
#define LARGE_ALIAS(old, new) __asm__(".weak " #new "\n.set " #new ", " #old)

#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#endif
