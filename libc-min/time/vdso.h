/* Functions that the kernel has put into the process: vdso(7). */
#ifndef LIBC_VDSO_H
#define LIBC_VDSO_H

#include "alias.h"

/* The address of a function in the vDSO, or NULL if there is none of that name. Reads
 * AT_SYSINFO_EHDR's image: DT_SYMTAB, DT_STRTAB, and DT_HASH or DT_GNU_HASH for the number of
 * symbols. */
HIDDEN void *__vdso_find(const char *name);

#endif
