/* Everything here is computed in 128 bits, where no sum of two fields can wrap. */
#include "expect.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef unsigned __int128 wide;

static const uint64_t page = 4096;
static const wide user_end = 0x7ffffffff000; /* 2^47 less a page */

static wide down(wide address)
{
    return address / page * page;
}

static wide up(wide address)
{
    return (address + page - 1) / page * page;
}

static Elf64_Ehdr header_of(const unsigned char *bytes)
{
    Elf64_Ehdr header;
    memcpy(&header, bytes, sizeof header);
    return header;
}

static Elf64_Phdr phdr_of(const unsigned char *bytes, const Elf64_Ehdr *header, size_t i)
{
    Elf64_Phdr phdr;
    memcpy(&phdr, bytes + header->e_phoff + i * sizeof phdr, sizeof phdr);
    return phdr;
}

/* --- refusal */

static const char *refusal_of_header(const unsigned char *bytes, size_t size)
{
    if (size < sizeof(Elf64_Ehdr) || memcmp(bytes, "\177ELF", 4) != 0)
        return "no ELF header";
    Elf64_Ehdr header = header_of(bytes);
    if (header.e_machine != 62 || (header.e_type != 2 && header.e_type != 3))
        return "no program for this machine";
    if (header.e_phentsize != 56 || header.e_phnum == 0 || header.e_phnum > 65536 / 56)
        return "no table of program headers that the kernel takes";
    if ((wide)header.e_phoff + header.e_phnum * 56u > size)
        return "program headers past the end";
    return NULL;
}

static const char *refusal_of_load(const Elf64_Phdr *phdr, size_t size)
{
    if (phdr->p_filesz > phdr->p_memsz)
        return "file size above memory size";
    if ((wide)phdr->p_offset + phdr->p_filesz > UINT64_MAX)
        return "offset wraps";
    if (phdr->p_filesz != 0 && (wide)phdr->p_offset + phdr->p_filesz > size)
        return "past the end of the file";
    if ((wide)phdr->p_vaddr + phdr->p_memsz > user_end)
        return "outside user space";
    if (phdr->p_filesz != 0 && phdr->p_vaddr % page != phdr->p_offset % page)
        return "misaligned";
    return NULL;
}

static const char *refusal_of_loads(const unsigned char *bytes, size_t size,
                                    const Elf64_Ehdr *header)
{
    wide taken = 0; /* end of the bytes of memory below */
    uint64_t above = 0;
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        if (phdr.p_type != PT_LOAD)
            continue;
        const char *refusal = refusal_of_load(&phdr, size);
        if (refusal != NULL)
            return refusal;
        if (phdr.p_memsz == 0)
            continue;
        if (phdr.p_vaddr < above || phdr.p_vaddr < taken)
            return "not ascending, or overlapping";
        above = phdr.p_vaddr;
        taken = (wide)phdr.p_vaddr + phdr.p_memsz;
    }
    return taken == 0 ? "no memory" : NULL;
}

/* Empty segments count only for the order, and whether they do is not ours to say. */
static bool order_is_open(const unsigned char *bytes, const Elf64_Ehdr *header)
{
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        if (phdr.p_type == PT_LOAD && phdr.p_memsz == 0)
            return true;
    }
    return false;
}

static const char *refusal_of_interpreter(const unsigned char *bytes, size_t size,
                                          const Elf64_Ehdr *header, bool *named)
{
    *named = false;
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        if (phdr.p_type != PT_INTERP)
            continue;
        *named = true;
        if (phdr.p_filesz < 2 || phdr.p_filesz > PATH_MAX)
            return "interpreter's name too short or too long";
        if ((wide)phdr.p_offset + phdr.p_filesz > size)
            return "interpreter's name past the end";
        return bytes[phdr.p_offset + phdr.p_filesz - 1] != 0 ? "interpreter's name without NUL"
                                                             : NULL;
    }
    return NULL;
}

/* Of a shared library, whose entry point is 0, address 0 is no code if the file's first byte is
 * there. */
static bool entry_is_executable(const unsigned char *bytes, const Elf64_Ehdr *header)
{
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        wide first_byte_at = (wide)phdr.p_vaddr - phdr.p_offset; /* wraps if that is nowhere */
        if (phdr.p_type == PT_LOAD && (phdr.p_flags & PF_X) != 0 &&
            header->e_entry >= down(phdr.p_vaddr) &&
            header->e_entry < up((wide)phdr.p_vaddr + phdr.p_memsz) &&
            !(header->e_type == ET_DYN && header->e_entry == 0 && phdr.p_filesz != 0 &&
              first_byte_at == 0))
            return true;
    }
    return false;
}

const char *expect_refusal(const unsigned char *bytes, size_t size, enum image_role role)
{
    const char *refusal = refusal_of_header(bytes, size);
    if (refusal != NULL)
        return refusal;
    Elf64_Ehdr header = header_of(bytes);
    refusal = refusal_of_loads(bytes, size, &header);
    if (refusal != NULL)
        return refusal;
    bool named;
    refusal = refusal_of_interpreter(bytes, size, &header, &named);
    if (refusal != NULL)
        return refusal;
    if (named && role == IMAGE_INTERPRETER)
        return "an interpreter with an interpreter";
    if (!entry_is_executable(bytes, &header))
        return "entry point outside";
    return order_is_open(bytes, &header) ? "perhaps: an empty segment out of order" : NULL;
}

/* --- the plan */

/* What a page must be: the last segment that lays claim to it decides. */
enum claim { CLAIM_HOLE, CLAIM_FILE, CLAIM_ZERO };

static enum claim claim_of(const unsigned char *bytes, const Elf64_Ehdr *header, wide address,
                           size_t *owner)
{
    for (size_t i = header->e_phnum; i-- > 0;) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        wide start = down(phdr.p_vaddr), file_end = up((wide)phdr.p_vaddr + phdr.p_filesz);
        if (phdr.p_type != PT_LOAD || phdr.p_memsz == 0 || address < start)
            continue;
        *owner = i;
        if (phdr.p_filesz != 0 && address < file_end)
            return CLAIM_FILE;
        if (address < up((wide)phdr.p_vaddr + phdr.p_memsz))
            return CLAIM_ZERO;
    }
    return CLAIM_HOLE;
}

/* The last of the first `count` steps that says what is mapped at an address. */
static const struct plan_step *step_of(const struct plan *plan, size_t count, wide address)
{
    for (size_t i = count; i-- > 0;) {
        const struct plan_step *step = &plan->steps[i];
        if (step->kind != PLAN_CLEAR && address >= step->address &&
            address < (wide)step->address + step->length)
            return step;
    }
    return NULL;
}

static int protection_of(uint32_t flags)
{
    int protection = 0;
    protection |= flags & PF_R ? PROT_READ : 0;
    protection |= flags & PF_W ? PROT_WRITE : 0;
    protection |= flags & PF_X ? PROT_EXEC : 0;
    return protection;
}

/* Where in the file the page at `address` of a file step comes from. */
static wide file_page(const struct plan_step *step, wide address)
{
    return (wide)step->offset + (address - step->address);
}

static void expect_page(const struct plan *plan, const unsigned char *bytes,
                        const Elf64_Ehdr *header, uint64_t address)
{
    size_t owner = 0;
    enum claim claim = claim_of(bytes, header, address, &owner);
    const struct plan_step *step = step_of(plan, plan->count, address);
    if (claim == CLAIM_HOLE) {
        /* never mapped, or mapped with the whole and given back */
        EXPECT(step == NULL || step->kind == PLAN_UNMAP, "0x%" PRIx64 ": %d", address, step->kind);
        return;
    }
    EXPECT(step != NULL, "0x%" PRIx64, address);
    Elf64_Phdr phdr = phdr_of(bytes, header, owner);
    EXPECT(step->phdr == owner, "0x%" PRIx64 ": %zu, not %zu", address, step->phdr, owner);
    if (claim == CLAIM_ZERO) {
        int expected = PROT_READ | PROT_WRITE | (phdr.p_flags & PF_X ? PROT_EXEC : 0);
        EXPECT(step->kind == PLAN_MAP_ZERO, "0x%" PRIx64 ": %d", address, step->kind);
        EXPECT(step->protection == expected, "0x%" PRIx64 ": %d", address, step->protection);
        return;
    }
    EXPECT(step->kind == PLAN_MAP_FILE ||
               (step->kind == PLAN_RESERVE && address - step->address < step->keep),
           "0x%" PRIx64 ": %d", address, step->kind);
    EXPECT(step->protection == protection_of(phdr.p_flags), "0x%" PRIx64 ": %d", address,
           step->protection);
    EXPECT(file_page(step, address) == down(phdr.p_offset) + (address - down(phdr.p_vaddr)),
           "0x%" PRIx64 ": offset 0x%" PRIx64, address, step->offset);
}

/* Every page is right if the one at every boundary of a segment or of a step is. */
static void expect_pages(const struct plan *plan, const unsigned char *bytes,
                         const Elf64_Ehdr *header)
{
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        if (phdr.p_type != PT_LOAD || phdr.p_memsz == 0)
            continue;
        wide edges[] = {down(phdr.p_vaddr), up((wide)phdr.p_vaddr + phdr.p_filesz),
                        up((wide)phdr.p_vaddr + phdr.p_memsz)};
        for (size_t j = 0; j < sizeof edges / sizeof *edges; j++) {
            for (wide at = edges[j] - page; at <= edges[j]; at += page) {
                if (at >= plan->start && at < (wide)plan->start + plan->span)
                    expect_page(plan, bytes, header, (uint64_t)at);
            }
        }
    }
    for (size_t i = 0; i < plan->count; i++) {
        uint64_t edges[] = {(uint64_t)down(plan->steps[i].address),
                            (uint64_t)up((wide)plan->steps[i].address + plan->steps[i].length)};
        for (size_t j = 0; j < sizeof edges / sizeof *edges; j++) {
            if (edges[j] - plan->start < plan->span)
                expect_page(plan, bytes, header, edges[j]);
        }
    }
}

/* One step by itself: in the span, in whole pages, of bytes that the file has. */
static void expect_step(const struct plan *plan, size_t i, const Elf64_Ehdr *header, size_t size)
{
    const struct plan_step *step = &plan->steps[i];
    wide end = (wide)step->address + step->length;
    /* an image that is moved is reserved at once; one at its own addresses run by run */
    EXPECT(i != 0 || step->kind == PLAN_RESERVE, "step %zu: %d", i, step->kind);
    EXPECT(i == 0 || step->kind != PLAN_RESERVE || header->e_type == ET_EXEC, "step %zu", i);
    EXPECT(step->kind != PLAN_UNMAP || header->e_type == ET_DYN, "step %zu", i);
    for (size_t j = 0; j < i && step->kind == PLAN_RESERVE; j++) {
        const struct plan_step *other = &plan->steps[j];
        EXPECT(step->address >= (wide)other->address + other->length ||
                   (wide)step->address + step->length <= other->address,
               "step %zu lies on step %zu", i, j);
    }
    EXPECT(step->phdr < header->e_phnum, "step %zu: %zu", i, step->phdr);
    EXPECT(step->address >= plan->start && end <= (wide)plan->start + plan->span &&
               end > step->address,
           "step %zu: 0x%" PRIx64 " + 0x%" PRIx64, i, step->address, step->length);
    if (step->kind == PLAN_CLEAR) {
        EXPECT(end % page == 0 && step->length < page, "step %zu: 0x%" PRIx64, i, step->address);
        return;
    }
    EXPECT(step->address % page == 0 && step->length % page == 0, "step %zu: 0x%" PRIx64, i,
           step->address);
    wide length = step->kind == PLAN_RESERVE ? step->keep : step->length;
    EXPECT(length % page == 0 && length <= step->length, "step %zu: 0x%" PRIx64, i, step->keep);
    if ((step->kind == PLAN_RESERVE && length != 0) || step->kind == PLAN_MAP_FILE)
        EXPECT(step->offset % page == 0 && step->offset + length <= up(size),
               "step %zu: offset 0x%" PRIx64, i, step->offset);
}

/* There is a CLEAR for each tail, it is writable file bytes when its turn comes, and there is no
 * other. */
static void expect_clears(const struct plan *plan, const unsigned char *bytes, size_t size,
                          const Elf64_Ehdr *header)
{
    size_t expected = 0, found = 0;
    for (size_t i = 0; i < header->e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, header, i);
        expected += phdr.p_type == PT_LOAD && phdr.p_filesz != 0 && phdr.p_memsz > phdr.p_filesz &&
                    (phdr.p_flags & PF_W) != 0 && (phdr.p_vaddr + phdr.p_filesz) % page != 0;
    }
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_step *clear = &plan->steps[i];
        if (clear->kind != PLAN_CLEAR)
            continue;
        Elf64_Phdr phdr = phdr_of(bytes, header, clear->phdr);
        const struct plan_step *step = step_of(plan, i, clear->address);
        found++;
        EXPECT(clear->address == phdr.p_vaddr + phdr.p_filesz, "0x%" PRIx64, clear->address);
        EXPECT(step != NULL && step->phdr == clear->phdr, "0x%" PRIx64, clear->address);
        EXPECT(step->kind == PLAN_MAP_FILE ||
                   (step->kind == PLAN_RESERVE && clear->address - step->address < step->keep),
               "0x%" PRIx64 ": %d", clear->address, step->kind);
        EXPECT((step->protection & PROT_WRITE) != 0, "0x%" PRIx64, clear->address);
        EXPECT(file_page(step, down(clear->address)) < size, "0x%" PRIx64, clear->address);
    }
    EXPECT(found == expected, "%zu, not %zu", found, expected);
}

/* More steps than this are looked at one by one only: pages take their square. */
enum { PAGES_LOOKED_AT = 200 };

void expect_plan(const struct plan *plan, const unsigned char *bytes, size_t size)
{
    Elf64_Ehdr header = header_of(bytes);
    wide lowest = user_end, end = 0, top = 0;
    for (size_t i = 0; i < header.e_phnum; i++) {
        Elf64_Phdr phdr = phdr_of(bytes, &header, i);
        if (phdr.p_type != PT_LOAD)
            continue;
        /* an empty segment has no page, but counts in the span and moves the break, as in
         * the kernel */
        lowest = phdr.p_vaddr < lowest ? phdr.p_vaddr : lowest;
        wide above = (wide)phdr.p_vaddr + phdr.p_memsz;
        top = above > top ? above : top;
        end = top;
    }
    EXPECT(plan->start == down(lowest), "0x%" PRIx64, plan->start);
    EXPECT(plan->start + (wide)plan->span == up(end), "0x%" PRIx64, plan->span);
    EXPECT(plan->break_start == up(top), "0x%" PRIx64, plan->break_start);
    EXPECT(plan->align >= page && (plan->align & (plan->align - 1)) == 0, "0x%" PRIx64,
           plan->align);
    EXPECT(plan->entry == header.e_entry, "0x%" PRIx64, plan->entry);
    EXPECT((plan->placement == PLAN_FIXED) == (header.e_type == ET_EXEC), "%d", plan->placement);
    EXPECT(plan->code_start <= plan->code_end && plan->code_end <= user_end, "0x%" PRIx64,
           plan->code_end);
    EXPECT(plan->data_start <= user_end && plan->data_end <= user_end, "0x%" PRIx64,
           plan->data_end);
    for (size_t i = 0; i < plan->count; i++)
        expect_step(plan, i, &header, size);
    expect_clears(plan, bytes, size, &header);
    if (plan->count <= PAGES_LOOKED_AT)
        expect_pages(plan, bytes, &header);
}

/* --- `#!` */

static bool is_blank(unsigned char byte)
{
    return byte == ' ' || byte == '\t';
}

/* As measured by tests/bad-input.bats: the kernel looks at 256 bytes, NULs where the file has
 * ended. The line ends at the first newline or NUL, else before the last of those bytes; blanks at
 * its end count only if a NUL comes next. */
bool expect_line(struct expect_line *line, const unsigned char *bytes, size_t size)
{
    enum { LAST = 255 };
    unsigned char head[LAST + 1] = {0};
    memcpy(head, bytes, size < sizeof head ? size : sizeof head);
    size_t end = 2, at = 2;
    while (end < LAST && head[end] != '\n' && head[end] != '\0')
        end++;
    bool newline = head[end] == '\n', trimmed = newline || end == LAST;
    while (at < end && is_blank(head[at]))
        at++;
    line->name = at;
    while (at < end && !is_blank(head[at]))
        at++;
    line->name_length = at - line->name;
    /* no name, or nothing behind it that says that it is whole */
    if (line->name_length == 0 ||
        (at == LAST && !newline && !is_blank(head[LAST]) && head[LAST] != '\0'))
        return false;
    bool blank = at < end;
    while (at < end && is_blank(head[at]))
        at++;
    line->argument = at;
    while (trimmed && end > at && is_blank(head[end - 1]))
        end--;
    line->argument_length = end - at;
    line->has_argument = line->argument_length > 0 || (blank && !trimmed);
    return true;
}
