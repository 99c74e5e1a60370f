/* A locale: a name for each category, and the encoding of characters, which is all that a name
 * decides here. A locale_t points to one. A locale is never changed or freed, so that a thread may
 * read the process's locale or its own without a lock. */
#ifndef LIBC_LOCALE_STRUCT_H
#define LIBC_LOCALE_STRUCT_H

#include "alias.h"
#include "thread.h"
#include <locale.h>

#define LOCALE_NAME_SIZE 24 /* bytes, with the null byte; a longer name is invalid (musl) */

struct __locale_struct {
    int utf8;                             /* LC_CTYPE is not "C" */
    char names[LC_ALL][LOCALE_NAME_SIZE]; /* by category, padded with null bytes */
    char all[LC_ALL * LOCALE_NAME_SIZE];  /* name for LC_ALL: one name, or six with semicolons */
    struct __locale_struct *next;         /* in the list of all locales ever made */
};

/* "C" in every category, in which a program begins (C17 7.11.1.1p4), and the locale that
 * setlocale() has set. */
extern HIDDEN struct __locale_struct __locale_c;
extern HIDDEN struct __locale_struct *__locale_global;

/* The locale of uselocale(3), else the process's. */
static inline const struct __locale_struct *locale_current(void)
{
    const struct __locale_struct *own = thread_self()->locale;

    return own ? own : __atomic_load_n(&__locale_global, __ATOMIC_ACQUIRE);
}

#endif
