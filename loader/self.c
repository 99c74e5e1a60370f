#include "self.h"

#include "../inspect/maps.h"
#include "arch/arch.h"
#include "message.h"
#include "stack.h"
#include "zone.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

#ifndef ARCH_MAP_VDSO_64
#define ARCH_MAP_VDSO_64 0x2003 /* arch_prctl(2), <asm/prctl.h> */
#endif

extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

/* One mapping of the tool; the old place stays mapped, for the code in it runs. */
static bool move_one(uintptr_t from, uintptr_t to, uintptr_t length)
{
    if (length == 0)
        return true;
    long got = arch_syscall(SYS_mremap, from, length, length,
                            MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to, 0);
    return got == (long)to;
}

uintptr_t zone_start;

/* No stack of the kernel's ends below. */
#define STACK_LOWEST (ARCH_TASK_SIZE - ARCH_STACK_RANDOM_RANGE)

/* strcmp() is libc's, and not to be called yet. */
static bool is_elsewhere(const char *name)
{
    static const char elsewhere[] = ZONE_ELSEWHERE;
    for (size_t i = 0; name != NULL && name[i] == elsewhere[i]; i++) {
        if (elsewhere[i] == '\0')
            return true;
    }
    return false;
}

/* Stay if the kernel honoured the alignment, unless a program needs the place. */
static uintptr_t choose_zone(uintptr_t base, const char *name)
{
    if (is_elsewhere(name))
        return base == ZONE_OTHER ? ZONE_MOVED : ZONE_OTHER;
    return base % ZONE_ALIGN == 0 ? base : ZONE_MOVED;
}

struct self_moved self_move(uint64_t *stack)
{
    const struct self_moved stays = {0, 0};
    const Elf64_Ehdr *header = &__ehdr_start;
    uintptr_t base = (uintptr_t)header;
    /* a copy, because once the data's page has moved the old place reads as the file does */
    const uintptr_t zone = choose_zone(base, (const char *)stack[1]);
    zone_start = zone;
    /* not the kernel's stack: check_stack() will say so. Quirk (qemu-user 7.2): it takes the
     * pages away from under the running code, MREMAP_DONTUNMAP or not. */
    if (base == zone || (uintptr_t)stack < STACK_LOWEST)
        return stays;

    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(base + header->e_phoff);
    uintptr_t end = 0;

    for (int i = 0; i < header->e_phnum; i++) {
        if (phdr[i].p_type != PT_LOAD)
            continue;
        /* the file's part and the anonymous rest are two mappings */
        uintptr_t start = arch_page_down(phdr[i].p_vaddr);
        uintptr_t file_end = arch_page_up(phdr[i].p_vaddr + phdr[i].p_filesz);
        end = arch_page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
        if (!move_one(base + start, zone + start, file_end - start) ||
            !move_one(base + file_end, zone + file_end, end - file_end)) {
            arch_syscall(SYS_munmap, zone, end, 0, 0, 0, 0);
            return stays;
        }
    }
    uint64_t *word = stack + 1 + stack[0] + 1; /* past argc, argv and its NULL */
    while (*word++ != 0)
        ;
    for (; word[0] != AT_NULL; word += 2) {
        if (word[0] == AT_PHDR)
            word[1] += zone - base;
    }
    return (struct self_moved){(long)(zone - base), end};
}

/* What madvise(2) says of a page, without changing anything: MADV_DOFORK undoes
 * MADV_DONTFORK, which nobody has used here, and is refused for the kernel's own
 * data (VM_IO). */
enum page { PAGE_NONE, PAGE_ORDINARY, PAGE_KERNEL_DATA };

static enum page page_ask(uintptr_t address)
{
    long result = arch_syscall(SYS_madvise, address, ARCH_PAGE, MADV_DOFORK, 0, 0, 0);
    return result == 0 ? PAGE_ORDINARY : result == -EINVAL ? PAGE_KERNEL_DATA : PAGE_NONE;
}

/* Is the initial stack the kernel's?  The kernel puts the file's name, AT_EXECFN, at
 * the very top of the [stack] mapping, and eight bytes of zeroes above it; the mapping
 * ends near the top of user space, and nothing is above it but, until Linux 6.15, the
 * vDSO with its data.  A program that builds processes itself (valgrind, qemu-user)
 * has the stack elsewhere, or more behind the strings. */
static bool check_stack(const struct self *self, struct problem *problem)
{
    uintptr_t end = self->stack_high;
    const char *what = NULL;
    if (end == 0)
        what = "has no AT_EXECFN in the auxiliary vector";
    else if (end > ARCH_TASK_SIZE || end < STACK_LOWEST)
        what = "not near the end of user space";
    else if (end % ARCH_PAGE != 0)
        what = "not at the end of a page";
    else if (end != self->vdso_elf && page_ask(end) == PAGE_ORDINARY)
        what = "not at the end of its mapping";
    if (what == NULL)
        return true;
    return problem_set(problem, STATUS_USAGE,
                       "uexec was not started by execve(2), but by something that builds processes "
                       "itself, as valgrind and qemu-user do: the initial stack's strings end at "
                       "0x%lx, %s: start uexec without it",
                       end, what);
}

bool self_survey(struct self *self, char **argv, char **envp, struct problem *problem)
{
    memset(self, 0, sizeof *self);
    self->image = (uintptr_t)&__ehdr_start;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(self->image + __ehdr_start.e_phoff);
    for (int i = 0; i < __ehdr_start.e_phnum; i++) {
        if (phdr[i].p_type == PT_LOAD)
            self->image_length = arch_page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
    }
    self->in_zone = self->image == ZONE_IMAGE;

    while (*envp++ != NULL)
        ;
    self->auxv = (const uint64_t *)envp;
    const uint64_t *entry = self->auxv;
    for (; entry[0] != AT_NULL; entry += 2) {
        if (entry[0] == AT_SYSINFO_EHDR)
            self->vdso_elf = entry[1];
        if (entry[0] == AT_ENTRY)
            self->untouched = self->in_zone && entry[1] == self->image + __ehdr_start.e_entry;
        if (entry[0] == AT_EXECFN)
            self->execfn = (const char *)entry[1];
    }
    self->auxv_count = (size_t)(entry + 2 - self->auxv) / 2;
    if (self->execfn != NULL)
        self->stack_high = (uintptr_t)self->execfn + strlen(self->execfn) + 1 + sizeof(uint64_t);
    if (!check_stack(self, problem))
        return false;
    /* what the kernel makes of it at first: see stack.c */
    self->stack_low = arch_page_down((uintptr_t)argv[0]) - STACK_EXPAND;
    return true;
}

static bool is_mapped(uintptr_t address)
{
    unsigned char resident;
    return mincore((void *)address, ARCH_PAGE, &resident) == 0;
}

void self_find_vdso(struct self *self)
{
    if (self->vdso_elf == 0)
        return;
    /* The data is right below: pages that are nobody else's.  The first guess is what Linux has
     * since 6.13, and saves some of the questions; before, there were four pages or fewer. */
    const uintptr_t guess = self->vdso_elf - 6 * ARCH_PAGE;
    uintptr_t start = page_ask(guess) == PAGE_KERNEL_DATA ? guess : self->vdso_elf;
    while (page_ask(start - ARCH_PAGE) == PAGE_KERNEL_DATA)
        start -= ARCH_PAGE;

    /* Its code ends at a gap, or where the next of this process's mappings begins: the stack, if
     * the vDSO is below it.  (The ELF header tells the end too; reading it is a fault, at 3 us.) */
    const uintptr_t limit = self->vdso_elf < self->stack_high ? self->stack_low : ARCH_TASK_SIZE;
    uintptr_t end = self->vdso_elf + ARCH_PAGE;
    while (end < limit && is_mapped(end))
        end += ARCH_PAGE;
    self->vdso_start = start;
    self->vdso_length = end - start;
}

bool self_drop_vdso(struct self *self)
{
    /* the kernel makes a new one only if it is built for checkpoint/restore, and
     * this says so without doing anything */
    unsigned size;
    if (prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, (uintptr_t)&size, 0, 0) != 0)
        return false;
    return munmap((void *)self->vdso_start, self->vdso_length) == 0;
}

bool self_renew_vdso(struct self *self, uintptr_t guess)
{
    size_t data = self->vdso_elf - self->vdso_start;
    uintptr_t elf = guess + data;
    self->vdso_elf = 0;
    bool was_free = !is_mapped(elf);
    if (arch_syscall(SYS_arch_prctl, ARCH_MAP_VDSO_64, 0, 0, 0, 0, 0) < 0)
        return false;
    if (was_free && is_mapped(elf)) {
        self->vdso_elf = elf;
    } else {
        struct maps maps;
        if (!maps_read(&maps, getpid()))
            return false;
        for (size_t i = 0; i < maps.count; i++) {
            if (strcmp(maps.entries[i].name, "[vdso]") == 0)
                self->vdso_elf = maps.entries[i].start;
        }
    }
    self->vdso_start = self->vdso_elf - data;
    return self->vdso_elf != 0;
}
