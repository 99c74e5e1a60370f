/* A GNU function that musl lacks; archives compiled against glibc (libelf.a) call it. */
#include <stdint.h>
#include <string.h>

void *rawmemchr(const void *memory, int byte);

void *rawmemchr(const void *memory, int byte)
{
    /* memchr() reads in order, and stops at the byte (C11 7.24.5.1, N1570). */
    return memchr(memory, byte, SIZE_MAX - (uintptr_t)memory);
}
