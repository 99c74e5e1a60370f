#include "self.h"

#include "arch.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "inspect/maps.h"
#include "reserved.h"
#include "stack.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

/* Asks madvise(2) about a page without changing it: MADV_DOFORK undoes MADV_DONTFORK, which nothing
 * has set here, and the kernel refuses it for its own data pages (VM_IO). */
enum page { PAGE_NONE, PAGE_ORDINARY, PAGE_KERNEL_DATA };

static enum page page_ask(uintptr_t address)
{
    long result = sys_call(SYS_madvise, address, ARCH_PAGE, MADV_DOFORK);
    return result == 0 ? PAGE_ORDINARY : result == -EINVAL ? PAGE_KERNEL_DATA : PAGE_NONE;
}

/* What the auxiliary vector on the initial stack says about the stack and the vDSO. */
struct initial {
    const uint64_t *auxv, *end; /* from the first entry, past AT_NULL */
    const char *execfn;         /* AT_EXECFN; NULL: none */
    uintptr_t high;     /* where the [stack] mapping ends if the kernel made it; 0: unknown */
    uintptr_t vdso_elf; /* AT_SYSINFO_EHDR; 0: none */
    uintptr_t entry;    /* AT_ENTRY, where the kernel put it */
};

/* Reads the initial stack. The kernel puts the file's name, AT_EXECFN, at the top of the [stack]
 * mapping, with eight bytes of zeroes above the name. This function and the next ones run before
 * relocation and before libc. */
static struct initial initial_read(const uint64_t *stack)
{
    struct initial initial = {0};
    const uint64_t *word = stack + 1 + stack[0] + 1; /* behind argc, argv and its NULL */
    while (*word++ != 0)
        ;
    initial.auxv = word;
    for (; word[0] != AT_NULL; word += 2) {
        if (word[0] == AT_EXECFN)
            initial.execfn = (const char *)word[1];
        if (word[0] == AT_SYSINFO_EHDR)
            initial.vdso_elf = word[1];
        if (word[0] == AT_ENTRY)
            initial.entry = word[1];
    }
    initial.end = word + 2;
    /* volatile: otherwise the compiler turns the loop into a call of strlen() */
    const volatile char *end = initial.execfn;
    if (end != NULL) {
        while (*end++ != '\0')
            ;
        initial.high = (uintptr_t)end + sizeof(uint64_t);
    }
    return initial;
}

/* Returns why the kernel did not build the initial stack; NULL: it did. The kernel's mapping ends
 * near the top of user space, and nothing lies above it except, on older kernels, the vDSO with its
 * data. A program that builds processes itself (valgrind, qemu-user) has the stack elsewhere, or
 * more data behind the strings. */
static const char *initial_fault(const struct initial *initial)
{
    uintptr_t end = initial->high;
    if (end == 0)
        return "no AT_EXECFN tells where";
    if (end > ARCH_TASK_SIZE || end < ARCH_TASK_SIZE - ARCH_STACK_RANDOM_RANGE)
        return "not near the end of user space";
    if (end % ARCH_PAGE != 0)
        return "not at the end of a page";
    if (end != initial->vdso_elf && page_ask(end) == PAGE_ORDINARY)
        return "not at the end of its mapping";
    return NULL;
}

/* Moves one mapping of the tool. The old place stays mapped, because the code that runs is there.
 */
static bool move_one(uintptr_t from, uintptr_t to, uintptr_t length)
{
    if (length == 0)
        return true;
    long got = sys_call(SYS_mremap, from, length, length,
                        MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, to);
    return got == (long)to;
}

uintptr_t reserved_start;

/* strcmp() of libc may not be called yet. */
static bool is_elsewhere(const char *name)
{
    static const char elsewhere[] = RESERVED_ELSEWHERE;
    for (size_t i = 0; name != NULL && name[i] == elsewhere[i]; i++) {
        if (elsewhere[i] == '\0')
            return true;
    }
    return false;
}

/* The tool stays where it is if the kernel honoured the alignment, unless a program needs the
 * place. */
static uintptr_t choose_range(uintptr_t base, const char *name)
{
    if (is_elsewhere(name))
        return base == RESERVED_OTHER ? RESERVED_MOVED : RESERVED_OTHER;
    return base % RESERVED_ALIGN == 0 ? base : RESERVED_MOVED;
}

struct self_moved self_move(uint64_t *stack)
{
    const struct self_moved stays = {0, 0};
    const Elf64_Ehdr *header = &__ehdr_start;
    uintptr_t base = (uintptr_t)header;
    /* a copy: when the data's page has moved, the old place reads as the file does */
    const uintptr_t range = choose_range(base, (const char *)stack[1]);
    reserved_start = range;
    if (base == range)
        return stays;
    /* The kernel did not build this process; self_survey() reports that. Its pages may come from no
     * file, so that the old place would not read as the file does; and qemu-user 7.2 unmaps them
     * under the running code. */
    struct initial initial = initial_read(stack);
    if (initial_fault(&initial) != NULL)
        return stays;

    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(base + header->e_phoff);
    uintptr_t end = 0;

    for (int i = 0; i < header->e_phnum; i++) {
        if (phdr[i].p_type != PT_LOAD)
            continue;
        /* the part from the file and the anonymous rest are two mappings */
        uintptr_t start = page_down(phdr[i].p_vaddr);
        uintptr_t file_end = page_up(phdr[i].p_vaddr + phdr[i].p_filesz);
        end = page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
        if (!move_one(base + start, range + start, file_end - start) ||
            !move_one(base + file_end, range + file_end, end - file_end)) {
            sys_call(SYS_munmap, range, end);
            return stays;
        }
    }
    for (uint64_t *word = stack + (initial.auxv - stack); word < initial.end; word += 2) {
        if (word[0] == AT_PHDR)
            word[1] += range - base;
    }
    return (struct self_moved){(long)(range - base), end};
}

bool self_survey(struct self *self, char **argv, struct problem *problem)
{
    memset(self, 0, sizeof *self);
    self->image = (uintptr_t)&__ehdr_start;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(self->image + __ehdr_start.e_phoff);
    for (int i = 0; i < __ehdr_start.e_phnum; i++) {
        if (phdr[i].p_type == PT_LOAD)
            self->image_length = page_up(phdr[i].p_vaddr + phdr[i].p_memsz);
    }
    self->in_reserved = self->image == reserved_image();

    struct initial initial = initial_read((const uint64_t *)argv - 1);
    const char *fault = initial_fault(&initial);
    if (fault != NULL)
        return problem_usage(problem,
                             "uexec was not started by execve(2), but by something that builds "
                             "processes itself, as valgrind and qemu-user do: the initial stack's "
                             "strings end at 0x%lx, %s: start uexec without it",
                             initial.high, fault);
    self->auxv = initial.auxv;
    self->auxv_count = (size_t)(initial.end - initial.auxv) / 2;
    self->execfn = initial.execfn;
    self->vdso_elf = initial.vdso_elf;
    self->stack_high = initial.high;
    self->placed = initial.entry - __ehdr_start.e_entry;
    self->untouched = self->in_reserved && self->placed == self->image;
    /* the kernel's first size of it: see stack.c */
    self->stack_low = page_down((uintptr_t)argv[0]) - STACK_EXPAND;
    return true;
}

static bool is_mapped(uintptr_t address)
{
    unsigned char resident;
    return mincore((void *)address, ARCH_PAGE, &resident) == 0;
}

__attribute__((cold)) const char *self_started_as(const char *execfn)
{
    char magic[SELFMAG];
    int fd = open(execfn, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    bool is_elf = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic &&
                  memcmp(magic, ELFMAG, SELFMAG) == 0;
    close(fd);
    return is_elf ? execfn : NULL;
}

/* More pages than any kernel has had. */
enum { DATA_PAGES_MAX = 16 };

void self_find_vdso(struct self *self)
{
    if (self->vdso_elf == 0)
        return;
    /* The kernel's data pages lie right below. The first guess is the number that Linux has had
     * since 6.13, which saves some system calls; older kernels have four pages or fewer. */
    const uintptr_t guess = self->vdso_elf - 6 * ARCH_PAGE;
    uintptr_t start = page_ask(guess) == PAGE_KERNEL_DATA ? guess : self->vdso_elf;
    while (page_ask(start - ARCH_PAGE) == PAGE_KERNEL_DATA) {
        start -= ARCH_PAGE;
        /* a sandbox without MADV_DOFORK answers the same for every page */
        if (self->vdso_elf - start > DATA_PAGES_MAX * ARCH_PAGE)
            return;
    }

    /* The vDSO's code ends at a gap, or where the next mapping of this process begins: the stack,
     * if the vDSO is below it. (The ELF header tells the end too; but reading it costs a page
     * fault, 3 us.) */
    const uintptr_t limit = self->vdso_elf < self->stack_high ? self->stack_low : ARCH_TASK_SIZE;
    uintptr_t end = self->vdso_elf + ARCH_PAGE;
    while (end < limit && is_mapped(end))
        end += ARCH_PAGE;
    self->vdso_start = start;
    self->vdso_length = end - start;
}

bool self_drop_vdso(struct self *self)
{
    /* the kernel maps a new one only if it is built for checkpoint/restore; this call finds out and
     * changes nothing */
    unsigned size;
    if (prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, (uintptr_t)&size, 0, 0) != 0)
        return false;
    return munmap((void *)self->vdso_start, self->vdso_length) == 0;
}

/* Returns where /proc/PID/maps shows the [vdso] mapping; 0: no /proc, or no such mapping. */
__attribute__((cold)) static uintptr_t vdso_by_maps(void)
{
    struct maps maps;
    if (!maps_read(&maps, getpid()))
        return 0;
    for (size_t i = 0; i < maps.count; i++) {
        if (strcmp(maps.entries[i].name, "[vdso]") == 0)
            return maps.entries[i].start;
    }
    return 0;
}

/* The same without /proc: mmap(2) returns the next free place for as many bytes, above its last one
 * or below. */
__attribute__((cold)) static uintptr_t vdso_by_neighbour(size_t data, size_t length)
{
    void *next = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (next == MAP_FAILED)
        return 0;
    munmap(next, length);
    const uintptr_t places[] = {(uintptr_t)next - length, (uintptr_t)next + length};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (page_ask(places[i]) == PAGE_KERNEL_DATA && page_ask(places[i] + data) == PAGE_ORDINARY)
            return places[i] + data;
    }
    return 0;
}

bool self_renew_vdso(struct self *self, uintptr_t guess)
{
    size_t data = self->vdso_elf - self->vdso_start;
    uintptr_t elf = guess + data;
    self->vdso_elf = 0;
    bool was_free = !is_mapped(elf);
    if (arch_vdso_map() < 0)
        return false;
    if (was_free && is_mapped(elf))
        self->vdso_elf = elf;
    if (self->vdso_elf == 0)
        self->vdso_elf = vdso_by_maps();
    if (self->vdso_elf == 0)
        self->vdso_elf = vdso_by_neighbour(data, self->vdso_length);
    self->vdso_start = self->vdso_elf == 0 ? 0 : self->vdso_elf - data;
    return self->vdso_elf != 0;
}
