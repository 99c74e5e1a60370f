/* What a locale is: a name for each category, and the one thing that a name decides here, the
 * encoding of characters. A locale_t points at one; none is ever changed or freed, so that a thread
 * may look at the process's or at its own without a lock. */
#ifndef LIBC_LOCALE_STRUCT_H
#define LIBC_LOCALE_STRUCT_H

#include "alias.h"
#include "thread.h"
#include <locale.h>

#define LOCALE_NAME_SIZE 24 /* bytes, with the null byte; a longer name is none (musl) */

struct __locale_struct {
    int utf8;                             /* LC_CTYPE is not "C" */
    char names[LC_ALL][LOCALE_NAME_SIZE]; /* by category, filled up with null bytes */
    char all[LC_ALL * LOCALE_NAME_SIZE];  /* of LC_ALL: one name, or six with semicolons */
    struct __locale_struct *next;         /* in the list of those that were ever asked for */
};

/* "C" in every category, where programs begin (C17 7.11.1.1p4), and what setlocale() has set. */
extern HIDDEN struct __locale_struct __locale_c;
extern HIDDEN struct __locale_struct *__locale_global;

/* That of uselocale(3), else the process's. */
static inline const struct __locale_struct *locale_current(void)
{
    const struct __locale_struct *own = thread_self()->locale;

    return own ? own : __atomic_load_n(&__locale_global, __ATOMIC_ACQUIRE);
}

#endif
