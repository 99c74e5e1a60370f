#include "self.h"

#include "arch/arch.h"
#include "message.h"
#include "zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

static uintptr_t page_down(uintptr_t address)
{
    return address & ~(ARCH_PAGE - 1);
}

static uintptr_t page_up(uintptr_t address)
{
    return (address + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1);
}

/* One mapping of the tool; the old place stays mapped, for the code in it runs. */
static bool move_one(uintptr_t from, uintptr_t to, uintptr_t length)
{
    if (length == 0)
        return true;
    long got = arch_syscall(SYS_mremap, from, length, length,
                            MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to, 0);
    return got == (long)to;
}

struct self_moved self_move(uint64_t *stack)
{
    const struct self_moved stays = {0, 0};
    const Elf64_Ehdr *header = &__ehdr_start;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)((uintptr_t)header + header->e_phoff);
    uintptr_t base = (uintptr_t)header;
    uintptr_t end = 0;

    for (int i = 0; i < header->e_phnum; i++) {
        if (phdr[i].p_type != PT_LOAD)
            continue;
        /* the file's part and the anonymous rest are two mappings */
        uintptr_t start = page_down(phdr[i].p_vaddr);
        uintptr_t file_end = page_up(phdr[i].p_vaddr + phdr[i].p_filesz);
        end = page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
        if (!move_one(base + start, ZONE_IMAGE + start, file_end - start) ||
            !move_one(base + file_end, ZONE_IMAGE + file_end, end - file_end)) {
            arch_syscall(SYS_munmap, ZONE_IMAGE, end, 0, 0, 0, 0);
            return stays;
        }
    }
    uint64_t *word = stack + 1 + stack[0] + 1; /* past argc, argv and its NULL */
    while (*word++ != 0)
        ;
    for (; word[0] != AT_NULL; word += 2) {
        if (word[0] == AT_PHDR)
            word[1] += ZONE_IMAGE - base;
    }
    return (struct self_moved){(long)(ZONE_IMAGE - base), end};
}

/* A hexadecimal number at *text, which is left after it. */
static uintptr_t take_hex(const char **text)
{
    uintptr_t value = 0;
    for (;; ++*text) {
        char c = **text;
        if (c >= '0' && c <= '9')
            value = value << 4 | (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uintptr_t)(c - 'a' + 10);
        else
            return value;
    }
}

/* One line of /proc/self/maps: only the kernel's own mappings are of interest. */
static void survey_line(struct self *self, const char *line, const char *end)
{
    const char *at = line;
    uintptr_t start = take_hex(&at);
    at++;
    uintptr_t stop = take_hex(&at);
    const char *name = memchr(at, '[', (size_t)(end - at));
    if (name == NULL)
        return;
    size_t length = (size_t)(end - name);
    bool is_data = length >= 5 && memcmp(name, "[vvar", 5) == 0;
    bool is_code = length == 6 && memcmp(name, "[vdso]", 6) == 0;
    if (length == 7 && memcmp(name, "[stack]", 7) == 0) {
        self->stack_low = start;
        self->stack_high = stop;
    } else if ((is_data || is_code) &&
               self->vdso_count < sizeof self->vdso / sizeof *self->vdso) {
        self->vdso[self->vdso_count++] = (struct self_mapping){start, stop - start};
        self->vdso_length += stop - start;
    }
}

static void survey_auxv(struct self *self, char **envp)
{
    while (*envp++ != NULL)
        ;
    self->auxv = (const uint64_t *)envp;
    for (size_t i = 0;; i++) {
        if (self->auxv[2 * i] == AT_SYSINFO_EHDR)
            self->vdso_elf = self->auxv[2 * i + 1];
        if (self->auxv[2 * i] == AT_NULL) {
            self->auxv_count = i + 1;
            return;
        }
    }
}

bool self_survey(struct self *self, char **envp, struct problem *problem)
{
    memset(self, 0, sizeof *self);
    self->image = (uintptr_t)&__ehdr_start;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(self->image + __ehdr_start.e_phoff);
    for (int i = 0; i < __ehdr_start.e_phnum; i++) {
        if (phdr[i].p_type == PT_LOAD)
            self->image_length = page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
    }
    self->moved = self->image == ZONE_IMAGE;
    survey_auxv(self, envp);

    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_set(problem, STATUS_USAGE, "cannot read /proc/self/maps (%s)",
                           message_errno(errno));
    char text[32768]; /* more than the longest line: a path of PATH_MAX, every byte escaped */
    size_t have = 0;
    for (;;) {
        ssize_t got = read(fd, text + have, sizeof text - have);
        if (got <= 0)
            break;
        have += (size_t)got;
        char *line = text;
        for (char *end; (end = memchr(line, '\n', have - (size_t)(line - text))) != NULL;
             line = end + 1)
            survey_line(self, line, end);
        have -= (size_t)(line - text);
        memmove(text, line, have);
    }
    close(fd);
    if (self->stack_high == 0)
        return problem_set(problem, STATUS_USAGE, "/proc/self/maps names no [stack]");
    return true;
}

bool self_move_vdso(struct self *self, uintptr_t address)
{
    uintptr_t to = address;
    for (size_t i = 0; i < self->vdso_count; i++) {
        struct self_mapping *mapping = &self->vdso[i];
        void *got = mremap((void *)mapping->start, mapping->length, mapping->length,
                           MREMAP_MAYMOVE | MREMAP_FIXED, (void *)to);
        if (got == MAP_FAILED)
            return false; /* the first is refused or none is: they are of one kind */
        if (self->vdso_elf >= mapping->start && self->vdso_elf - mapping->start < mapping->length)
            self->vdso_elf += to - mapping->start;
        mapping->start = to;
        to += mapping->length;
    }
    return true;
}
