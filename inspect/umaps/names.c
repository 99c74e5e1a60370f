#include "names.h"

#include "base/page.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct thread {
    pid_t tid;
    char name[32];
};

static bool is_anonymous(const struct mapping *mapping)
{
    return mapping->inode == 0 && (mapping->name[0] == '\0' || mapping->name[0] == '[') &&
           mapping_kind(mapping) == MAPPING_ANONYMOUS;
}

static bool has_no_access(const struct mapping *mapping)
{
    return strncmp(mapping->permissions, "---", 3) == 0;
}

/* The entry that holds an address; maps->count: none. */
static size_t find(const struct maps *maps, uint64_t address)
{
    size_t low = 0, high = maps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (maps->entries[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < maps->count && maps->entries[low].start <= address ? low : maps->count;
}

__attribute__((format(printf, 3, 4))) static void set(struct names *names, size_t index,
                                                      const char *format, ...)
{
    va_list list;
    if (index >= names->count || names->texts[index] != NULL)
        return;
    va_start(list, format);
    if (vasprintf(&names->texts[index], format, list) < 0)
        names->texts[index] = NULL;
    va_end(list);
}

/* The stack pointer of a thread that is in a system call or stopped; 0: it runs, or may not be
 * read. The line of /proc/PID/task/TID/syscall ends in stack pointer and program counter. */
static uint64_t stack_pointer(pid_t pid, pid_t tid)
{
    char path[64], *space;
    snprintf(path, sizeof path, "/proc/%d/task/%d/syscall", (int)pid, (int)tid);
    for (int attempt = 0; attempt < 3; attempt++) {
        char *text = maps_read_file(path, NULL);
        uint64_t pointer = 0;
        if (text == NULL)
            return 0;
        if ((space = strrchr(text, ' ')) != NULL) {
            *space = '\0';
            if ((space = strrchr(text, ' ')) != NULL)
                pointer = strtoull(space, NULL, 16);
        }
        free(text);
        if (pointer != 0)
            return pointer;
        usleep(500);
    }
    return 0;
}

static void thread_name(pid_t pid, struct thread *thread)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/comm", (int)pid, (int)thread->tid);
    char *text = maps_read_file(path, NULL);
    snprintf(thread->name, sizeof thread->name, "%.*s", text == NULL ? 0 : (int)strcspn(text, "\n"),
             text == NULL ? "" : text);
    free(text);
}

static void name_stacks(struct names *names, const struct maps *maps, pid_t pid)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    if (tasks == NULL)
        return;
    for (const struct dirent *entry; (entry = readdir(tasks)) != NULL;) {
        struct thread thread = {.tid = (pid_t)strtol(entry->d_name, NULL, 10)};
        size_t index;
        if (thread.tid <= 0 ||
            (index = find(maps, stack_pointer(pid, thread.tid))) == maps->count ||
            !is_anonymous(&maps->entries[index]))
            continue;
        thread_name(pid, &thread);
        set(names, index, "stack of thread %d (%s)", (int)thread.tid, thread.name);
        if (index > 0 && maps->entries[index - 1].end == maps->entries[index].start &&
            has_no_access(&maps->entries[index - 1]))
            set(names, index - 1, "guard of the stack of thread %d", (int)thread.tid);
    }
    closedir(tasks);
}

/* The memory of a process. To read a page that is not in memory would put it there, and the look
 * would change what it looks at: only pages that are present are read. */
struct memory {
    int mem, pagemap; /* /proc/PID/mem, /proc/PID/pagemap */
};

static bool read_page(const struct memory *memory, uint64_t address, char bytes[ARCH_PAGE])
{
    uint64_t entry;
    return pread(memory->pagemap, &entry, sizeof entry,
                 (off_t)(address / ARCH_PAGE * sizeof entry)) == sizeof entry &&
           entry >> 63 != 0 &&
           pread(memory->mem, bytes, ARCH_PAGE, (off_t)address) == (ssize_t)ARCH_PAGE;
}

/* The offset of a thread control block in a page that is at `address`; ARCH_PAGE: there is none.
 * musl's, glibc's and libc-min's begin with their own address; glibc's have it in the third word as
 * well, musl's and libc-min's a link of a list of such blocks in the third and the fourth. */
static uint64_t find_block(const char bytes[ARCH_PAGE], uint64_t address)
{
    enum { ALIGN = 8, PREVIOUS = 2, WORDS = 4 };
    uint64_t words[WORDS];
    for (uint64_t at = 0; at + sizeof words <= ARCH_PAGE; at += ALIGN) {
        memcpy(words, bytes + at, sizeof words);
        if (words[0] == address + at && words[PREVIOUS] == words[0])
            return at;
    }
    return ARCH_PAGE;
}

/* Looks for thread control blocks in small anonymous memory, and for arenas. */
static void name_blocks(struct names *names, const struct maps *maps, pid_t pid)
{
    enum { SMALL = 256 * 1024 };
    const uint64_t arena = (uint64_t)64 * 1024 * 1024;
    char path[32], bytes[ARCH_PAGE];
    struct memory memory;
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    memory.mem = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/pagemap", (int)pid);
    memory.pagemap = open(path, O_RDONLY | O_CLOEXEC);
    for (size_t i = 0; memory.mem >= 0 && memory.pagemap >= 0 && i < maps->count; i++) {
        const struct mapping *mapping = &maps->entries[i];
        uint64_t word;
        if (!is_anonymous(mapping) || strncmp(mapping->permissions, "rw-", 3) != 0 ||
            names->texts[i] != NULL)
            continue;
        if (mapping->start % arena == 0) {
            if (!read_page(&memory, mapping->start, bytes))
                continue;
            memcpy(&word, bytes, sizeof word);
            if (word <= mapping->start || word >= mapping->start + ARCH_PAGE)
                continue;
            set(names, i, "arena of glibc's malloc");
            if (i + 1 < maps->count && maps->entries[i + 1].start == mapping->end &&
                has_no_access(&maps->entries[i + 1]))
                set(names, i + 1, "arena of glibc's malloc: reserved");
            continue;
        }
        if (mapping->end - mapping->start > SMALL)
            continue;
        for (uint64_t page = mapping->start; page < mapping->end; page += ARCH_PAGE) {
            uint64_t at = read_page(&memory, page, bytes) ? find_block(bytes, page) : ARCH_PAGE;
            if (at == ARCH_PAGE)
                continue;
            set(names, i, "thread control block and TLS, at 0x%" PRIx64, page + at);
            break;
        }
    }
    if (memory.mem >= 0)
        close(memory.mem);
    if (memory.pagemap >= 0)
        close(memory.pagemap);
}

void names_read(struct names *names, const struct maps *maps, pid_t pid)
{
    *names = (struct names){.texts = calloc(maps->count + 1, sizeof *names->texts)};
    if (names->texts == NULL)
        return;
    names->count = maps->count;
    name_stacks(names, maps, pid);
    name_blocks(names, maps, pid);
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->texts[i]);
    free(names->texts);
    *names = (struct names){0};
}
