/* Memory for one input: the loader, which ends soon anyway, gives none back; inspect/ gives back
 * all. Their sources are compiled with malloc(), elf_begin() and so on of these names (rules.mk).
 */
#ifndef FUZZ_POOL_H
#define FUZZ_POOL_H

#include <libelf.h>
#include <stddef.h>

void *pool_malloc(size_t size);
void *pool_calloc(size_t count, size_t size);
void *pool_realloc(void *block, size_t size);
void pool_free(void *block);
Elf *pool_elf_begin(int fd, Elf_Cmd command, Elf *archive);
int pool_elf_end(Elf *elf);

/* From now on the allocation number `number`, from 0, fails; -1: none does. */
void pool_fail(int number);

/* What has not been given back: blocks and files. */
size_t pool_count(void);

/* Give all of it back. */
void pool_empty(void);

#endif
