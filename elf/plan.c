#include "elf/plan.h"

#include "base/page.h"

#include <sys/mman.h>

static int protection_of(uint32_t flags)
{
    return ((flags & PF_R) != 0 ? PROT_READ : 0) | ((flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((flags & PF_X) != 0 ? PROT_EXEC : 0);
}

static void add(struct plan *plan, struct plan_step step)
{
    plan->steps[plan->count++] = step;
}

/* The mapping steps of one segment.  Quirks (kernel, seen by running images
 * made by elfgen, tests/fidelity.bats):
 *  - bss pages are readable and writable whatever p_flags says, and executable
 *    if it says so;
 *  - a tail is cleared to the end of its page, and only if the segment is
 *    writable: a read-only segment's keeps the bytes of the file. */
static void plan_segment(struct plan *plan, const Elf64_Phdr *phdr, size_t i, bool reserved)
{
    uint64_t start = page_down(phdr->p_vaddr);
    uint64_t file_end = phdr->p_vaddr + phdr->p_filesz;
    uint64_t zero_start = start;

    if (phdr->p_filesz != 0) {
        if (!reserved) /* else the reservation has mapped them */
            add(plan, (struct plan_step){.kind = PLAN_MAP_FILE,
                                         .phdr = i,
                                         .address = start,
                                         .length = page_up(file_end) - start,
                                         .protection = protection_of(phdr->p_flags),
                                         .offset = page_down(phdr->p_offset)});
        zero_start = page_up(file_end);
    }
    if (phdr->p_memsz <= phdr->p_filesz)
        return;
    uint64_t zero_end = page_up(phdr->p_vaddr + phdr->p_memsz);
    if (zero_end > zero_start)
        add(plan, (struct plan_step){.kind = PLAN_MAP_ZERO,
                                     .phdr = i,
                                     .address = zero_start,
                                     .length = zero_end - zero_start,
                                     .protection = PROT_READ | PROT_WRITE |
                                                   ((phdr->p_flags & PF_X) != 0 ? PROT_EXEC : 0)});
    if (phdr->p_filesz != 0 && file_end % ARCH_PAGE != 0 && (phdr->p_flags & PF_W) != 0)
        add(plan, (struct plan_step){.kind = PLAN_CLEAR,
                                     .phdr = i,
                                     .address = file_end,
                                     .length = page_up(file_end) - file_end});
}

static void plan_hole(struct plan *plan, size_t below, uint64_t start, uint64_t end)
{
    if (end > start)
        add(plan, (struct plan_step){
                      .kind = PLAN_UNMAP, .phdr = below, .address = start, .length = end - start});
}

/* Appends the pages of the reservation that no segment covers. Segments ascend, so one pass is
 * enough. */
static void plan_holes(struct plan *plan)
{
    uint64_t covered = plan->steps[0].address + plan->steps[0].keep;
    size_t count = plan->count, below = plan->steps[0].phdr;
    for (size_t i = 1; i < count; i++) {
        const struct plan_step *step = &plan->steps[i];
        if (step->kind != PLAN_MAP_FILE && step->kind != PLAN_MAP_ZERO)
            continue;
        plan_hole(plan, below, covered, step->address);
        if (step->address + step->length > covered)
            covered = step->address + step->length;
        below = step->phdr;
    }
    plan_hole(plan, below, covered, plan->start + plan->span); /* up to an empty last one */
}

/* Quirk (kernel): code starts at the lowest executable segment, data at the
 * highest segment of all, and both end with file bytes; seen in
 * /proc/PID/stat, fields 26, 27, 45 and 46. */
static void plan_bounds(struct plan *plan, const Elf64_Phdr *phdr)
{
    uint64_t file_end = phdr->p_vaddr + phdr->p_filesz;
    if ((phdr->p_flags & PF_X) != 0 && phdr->p_vaddr < plan->code_start)
        plan->code_start = phdr->p_vaddr;
    if ((phdr->p_flags & PF_X) != 0 && file_end > plan->code_end)
        plan->code_end = file_end;
    if (phdr->p_vaddr > plan->data_start)
        plan->data_start = phdr->p_vaddr;
    if (file_end > plan->data_end)
        plan->data_end = file_end;
    if (phdr->p_vaddr + phdr->p_memsz > plan->break_start)
        plan->break_start = phdr->p_vaddr + phdr->p_memsz;
}

/* Reserves `length` bytes for a run of segments that begins with `first`. If that segment has file
 * pages, the reservation maps them, as long as the whole run. */
static void plan_reserve(struct plan *plan, const Elf64_Phdr *first, size_t i, uint64_t length)
{
    bool from_file = first->p_filesz != 0;
    uint64_t start = page_down(first->p_vaddr);
    uint64_t keep = page_up(first->p_vaddr + first->p_filesz) - start;
    add(plan,
        (struct plan_step){.kind = PLAN_RESERVE,
                           .phdr = i,
                           .address = start,
                           .length = length,
                           .protection = from_file ? protection_of(first->p_flags) : PROT_NONE,
                           .keep = from_file ? keep : 0,
                           .offset = from_file ? page_down(first->p_offset) : 0});
}

/* The length of the run of pages that begins with segment `i` of an image at
 * its own addresses: up to the next page that no segment covers. */
static uint64_t run_length(const Elf64_Ehdr *header, const Elf64_Phdr *table, size_t i)
{
    uint64_t start = page_down(table[i].p_vaddr), end = start;
    for (; i < header->e_phnum; i++) {
        const Elf64_Phdr *phdr = &table[i];
        if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
            continue;
        if (page_down(phdr->p_vaddr) > end)
            break;
        end = page_up(phdr->p_vaddr + phdr->p_memsz);
    }
    return end - start;
}

/* Makes the steps. An image that moves keeps the distances of its segments, so its whole span is
 * reserved at once, as the kernel does it. The segments of an image at its own addresses may be
 * spread over all of user space, so each run of pages is reserved alone. */
static void plan_steps(struct plan *plan, const Elf64_Ehdr *header, const Elf64_Phdr *table)
{
    uint64_t reserved_end = 0;
    for (size_t i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *phdr = &table[i];
        if (phdr->p_type != PT_LOAD || phdr->p_memsz == 0)
            continue;
        bool reserves = plan->count == 0 ||
                        (plan->placement == PLAN_FIXED && page_down(phdr->p_vaddr) >= reserved_end);
        if (reserves) {
            uint64_t start = page_down(phdr->p_vaddr);
            uint64_t length = plan->placement == PLAN_FIXED ? run_length(header, table, i)
                                                            : plan->start + plan->span - start;
            plan_reserve(plan, phdr, i, length);
            reserved_end = start + length;
        }
        plan_segment(plan, phdr, i, reserves);
    }
    if (plan->placement != PLAN_FIXED)
        plan_holes(plan);
}

size_t plan_steps_most(const Elf64_Ehdr *header, const Elf64_Phdr *phdr)
{
    size_t loads = 0;
    for (size_t i = 0; i < header->e_phnum; i++)
        loads += phdr[i].p_type == PT_LOAD;
    /* of each segment: reserve or file, zero, clear, and the hole below; a reservation of all, and
     * a hole above it */
    return 4 * loads + 2;
}

void plan_build(struct plan *plan, const Elf64_Ehdr *header, const Elf64_Phdr *table,
                bool interpreted, struct plan_step *steps)
{
    bool any = false;
    uint64_t end = 0;
    *plan = (struct plan){.code_start = UINT64_MAX,
                          .align = ARCH_PAGE,
                          .entry = header->e_entry,
                          .steps = steps,
                          .placement = header->e_type == ET_EXEC ? PLAN_FIXED
                                       : interpreted             ? PLAN_PIE
                                                                 : PLAN_MMAP};
    for (size_t i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *phdr = &table[i];
        if (phdr->p_type != PT_LOAD)
            continue;
        if (!any)
            plan->start = page_down(phdr->p_vaddr);
        any = true;
        plan_bounds(plan, phdr);
        if (phdr->p_vaddr + phdr->p_memsz > end) /* empty segments count, as in the kernel */
            end = phdr->p_vaddr + phdr->p_memsz;
        if (phdr->p_align > plan->align && (phdr->p_align & (phdr->p_align - 1)) == 0)
            plan->align = phdr->p_align;
        /* quirk (kernel): AT_PHDR comes from the PT_LOAD that holds e_phoff,
         * and is the bias alone if none does */
        if (phdr->p_offset <= header->e_phoff && header->e_phoff - phdr->p_offset < phdr->p_filesz)
            plan->phdr_address = header->e_phoff - phdr->p_offset + phdr->p_vaddr;
    }
    if (plan->code_start == UINT64_MAX)
        plan->code_start = plan->code_end = 0;
    plan->span = page_up(end) - plan->start;
    plan->break_start = page_up(plan->break_start);

    plan_steps(plan, header, table);
}

bool plan_may_need(const struct plan *plan, uint64_t start, uint64_t end)
{
    if (plan->placement == PLAN_MMAP)
        return plan->align > end - start;
    for (size_t i = 0; i < plan->count && plan->placement == PLAN_FIXED; i++) {
        const struct plan_step *step = &plan->steps[i];
        if (step->kind == PLAN_RESERVE && step->address < end &&
            step->address + step->length > start)
            return true;
    }
    return false;
}

void plan_protection_text(int protection, char text[4])
{
    text[0] = (protection & PROT_READ) != 0 ? 'r' : '-';
    text[1] = (protection & PROT_WRITE) != 0 ? 'w' : '-';
    text[2] = (protection & PROT_EXEC) != 0 ? 'x' : '-';
    text[3] = '\0';
}

const char *plan_kind_name(enum plan_kind kind)
{
    static const char names[][12] = {
        [PLAN_RESERVE] = "reserve", [PLAN_MAP_FILE] = "map-file", [PLAN_MAP_ZERO] = "map-zero",
        [PLAN_CLEAR] = "clear",     [PLAN_UNMAP] = "unmap",
    };
    return names[kind];
}
