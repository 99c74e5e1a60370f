/* Functions in the kernel's vDSO: vdso(7). */
#ifndef LIBC_VDSO_H
#define LIBC_VDSO_H

#include "alias.h"

/* The address of a function in the vDSO, or NULL if the name is not defined. Reads the image of
 * AT_SYSINFO_EHDR: DT_SYMTAB, DT_STRTAB, and DT_HASH or DT_GNU_HASH for the number of symbols. */
HIDDEN void *__vdso_find(const char *name);

#endif
