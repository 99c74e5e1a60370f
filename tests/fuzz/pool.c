#include "pool.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of one input, with room: a section table makes a reallocation for each doubling. */
enum { BLOCKS_MAX = 1024, FILES_MAX = 8 };

static struct {
    void *block;
    size_t size;
} blocks[BLOCKS_MAX];
static size_t block_count;

static Elf *files[FILES_MAX];
static size_t file_count;

static int fail_at = -1;

void *pool_malloc(size_t size)
{
    if (block_count == BLOCKS_MAX)
        abort();
    if (fail_at >= 0 && fail_at-- == 0) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(size);
    if (block == NULL)
        abort(); /* no size that the loader asks for comes from the input unchecked */
    blocks[block_count].block = block;
    blocks[block_count++].size = size;
    return block;
}

void *pool_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        abort();
    void *block = pool_malloc(bytes);
    return block == NULL ? NULL : memset(block, 0, bytes);
}

void *pool_realloc(void *old, size_t size)
{
    void *block = pool_malloc(size);
    for (size_t i = 0; block != NULL && i < block_count; i++) {
        if (old != NULL && blocks[i].block == old)
            memcpy(block, old, blocks[i].size < size ? blocks[i].size : size);
    }
    if (block != NULL)
        pool_free(old);
    return block;
}

void pool_free(void *block)
{
    for (size_t i = 0; block != NULL && i < block_count; i++) {
        if (blocks[i].block != block)
            continue;
        free(block);
        blocks[i] = blocks[--block_count];
        return;
    }
    if (block != NULL)
        abort();
}

Elf *pool_elf_begin(int fd, Elf_Cmd command, Elf *archive)
{
    Elf *elf = elf_begin(fd, command, archive);
    if (file_count == FILES_MAX)
        abort();
    if (elf != NULL)
        files[file_count++] = elf;
    return elf;
}

int pool_elf_end(Elf *elf)
{
    for (size_t i = 0; i < file_count; i++)
        if (files[i] == elf)
            files[i] = files[--file_count];
    return elf_end(elf);
}

size_t pool_count(void)
{
    return block_count + file_count;
}

void pool_fail(int number)
{
    fail_at = number;
}

void pool_empty(void)
{
    for (size_t i = 0; i < file_count; i++)
        elf_end(files[i]);
    for (size_t i = 0; i < block_count; i++)
        free(blocks[i].block);
    file_count = block_count = 0;
    fail_at = -1;
}
