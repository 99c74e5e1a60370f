/* Size classes of powers of two from 32 bytes to 32 KiB, carved from 64 KiB of mmap() at a time;
 * larger blocks are mappings of their own. A block is headed by its class or size. */
#include "allocate.h"

#include "base/syscall.h"
#include "lock.h"
#include "machine.h"

#include <string.h>
#include <sys/mman.h>

enum { CLASSES = 11, SMALLEST = 32, CHUNK = 65536 };

struct head {
    size_t size; /* of the whole block, head included */
    struct head *next;
};

static struct head *released[CLASSES];
static char *chunk, *chunk_end;
/* The first blocks, which are enough for most programs and need no system call. They are last in
 * .bss (rules.mk sorts it), so that their unused pages are never touched. */
static _Alignas(16) __attribute__((section(".bss.~chunk"))) char first_chunk[16384];

static void *map(size_t size)
{
    long answer =
        sys_call(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return sys_failed(answer) ? NULL : (void *)answer;
}

static struct head *carve(size_t size)
{
    if (chunk == NULL) {
        chunk = first_chunk;
        chunk_end = first_chunk + sizeof first_chunk;
    }
    if ((size_t)(chunk_end - chunk) < size) {
        char *more = map(CHUNK); /* what is left of the old one is lost */
        if (more == NULL)
            return NULL;
        chunk = more;
        chunk_end = more + CHUNK;
    }
    struct head *head = (struct head *)chunk;
    chunk += size;
    return head;
}

void *allocate(size_t size)
{
    struct head *head;
    size_t whole = SMALLEST, class = 0;
    if (__builtin_add_overflow(size, sizeof *head + ARCH_PAGE, &size))
        return NULL;
    size -= ARCH_PAGE;
    while (class < CLASSES && whole < size)
        whole <<= 1, class ++;
    if (class == CLASSES) {
        head = map(size);
        if (head != NULL)
            head->size = size;
        return head == NULL ? NULL : head + 1;
    }
    leaf_lock_take(LEAF_ALLOCATE);
    head = released[class];
    bool again = head != NULL;
    if (again)
        released[class] = head->next;
    else
        head = carve(whole);
    leaf_lock_release(LEAF_ALLOCATE);
    if (head == NULL)
        return NULL;
    head->size = whole;
    head->next = NULL;
    if (again)
        memset(head + 1, 0, whole - sizeof *head);
    return head + 1;
}

void release(void *block)
{
    if (block == NULL)
        return;
    struct head *head = (struct head *)block - 1;
    size_t class = 0;
    while (class < CLASSES && (size_t)SMALLEST << class < head->size)
        class ++;
    if (class == CLASSES) {
        sys_call(SYS_munmap, head, head->size);
        return;
    }
    leaf_lock_take(LEAF_ALLOCATE);
    head->next = released[class];
    released[class] = head;
    leaf_lock_release(LEAF_ALLOCATE);
}

void *allocate_grown(const void *block, size_t count, size_t room)
{
    void *grown = allocate(room * sizeof(void *));
    if (grown != NULL && count > 0)
        memcpy(grown, block, count * sizeof(void *));
    return grown;
}

char *allocate_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = allocate(size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}
