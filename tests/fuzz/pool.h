/* Memory for one input: what the loader allocates and, as it ends soon anyway, never gives back.
 * The loader's sources are compiled with malloc() and elf_begin() of these names (rules.mk). */
#ifndef FUZZ_POOL_H
#define FUZZ_POOL_H

#include <libelf.h>
#include <stddef.h>

void *pool_malloc(size_t size);
void *pool_calloc(size_t count, size_t size);
void *pool_realloc(void *block, size_t size);
Elf *pool_elf_begin(int fd, Elf_Cmd command, Elf *archive);

/* From now on the allocation number `number`, from 0, fails; -1: none does. */
void pool_fail(int number);

/* Give all of it back. */
void pool_empty(void);

#endif
