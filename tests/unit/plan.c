/* plan_build() on hand-made headers; what is expected is worked out by hand, in the comments. */
#include "elf/plan.h"

#include "unit.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { R = PF_R, RW = PF_R | PF_W, RX = PF_R | PF_X };

static struct plan plan;

/* The plan of these headers, an image of `type`. */
static void build(uint16_t type, const Elf64_Phdr *phdr, size_t count, const char *interpreter)
{
    const Elf64_Ehdr header = {.e_type = type,
                               .e_phnum = (uint16_t)count,
                               .e_phoff = 64,
                               .e_entry = 0x401000};
    free(plan.steps);
    struct plan_step *steps = calloc(plan_steps_most(&header, phdr), sizeof *steps);
    if (steps == NULL)
        abort();
    plan_build(&plan, &header, phdr, interpreter != NULL, steps);
}

#define BUILD(type, phdr) build((type), (phdr), sizeof(phdr) / sizeof *(phdr), NULL)

#define LOAD(flags, vaddr, offset, filesz, memsz)                                                  \
    {                                                                                              \
        PT_LOAD, (flags), (offset), (vaddr), (vaddr), (filesz), (memsz), 0x1000                    \
    }

static void check_step(size_t i, enum plan_kind kind, uint64_t start, uint64_t end, size_t phdr,
                       int line)
{
    const struct plan_step *step = &plan.steps[i];
    bool same = i < plan.count && step->kind == kind && step->address == start &&
                step->address + step->length == end && step->phdr == phdr;
    unit_check(same, "step's kind, start, end and program header", __FILE__, line);
}

#define CHECK_STEP(i, kind, start, end, phdr)                                                      \
    check_step((i), (kind), (start), (end), (phdr), __LINE__)

/* One segment, whole pages: the reservation is all. */
static void one_segment(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RX, 0x400000, 0, 0x2000, 0x2000)};
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 1);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x402000, 0);
    CHECK(plan.steps[0].keep == 0x2000 && plan.steps[0].offset == 0);
    CHECK(plan.steps[0].protection == (PROT_READ | PROT_EXEC));
    CHECK(plan.placement == PLAN_FIXED && plan.start == 0x400000 && plan.span == 0x2000);
    CHECK(plan.code_start == 0x400000 && plan.code_end == 0x402000);
    CHECK(plan.break_start == 0x402000 && plan.entry == 0x401000);
}

/* Text of 0x1234 bytes; data of 0x10 bytes from file offset 0x1234, with bss up to 0x5000 above:
 *   text's pages  400000-402000
 *   hole          402000-403000
 *   data's page   403000-404000, of file offset 0x1000, its tail from 403244
 *   bss           404000-405000
 * Where the image is moved, all of it is reserved, and the hole given back ... */
static void bss_tail_and_hole(void)
{
    static const Elf64_Phdr phdr[] = {
        LOAD(RX, 0x400000, 0, 0x1234, 0x1234),
        LOAD(RW, 0x403234, 0x1234, 0x10, 0x1dcc),
    };
    BUILD(ET_DYN, phdr);
    CHECK(plan.count == 5);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x405000, 0);
    CHECK(plan.steps[0].keep == 0x2000);
    CHECK_STEP(1, PLAN_MAP_FILE, 0x403000, 0x404000, 1);
    CHECK(plan.steps[1].offset == 0x1000 && plan.steps[1].protection == (PROT_READ | PROT_WRITE));
    CHECK_STEP(2, PLAN_MAP_ZERO, 0x404000, 0x405000, 1);
    CHECK_STEP(3, PLAN_CLEAR, 0x403244, 0x404000, 1);
    CHECK_STEP(4, PLAN_UNMAP, 0x402000, 0x403000, 0);
    CHECK(plan.data_start == 0x403234 && plan.data_end == 0x403244);
    CHECK(plan.break_start == 0x405000);
}

/* ... and where it is not, each run of pages is reserved alone. */
static void runs_at_own_addresses(void)
{
    static const Elf64_Phdr phdr[] = {
        LOAD(RX, 0x400000, 0, 0x1234, 0x1234),
        LOAD(RW, 0x403234, 0x1234, 0x10, 0x1dcc),
    };
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 4);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x402000, 0);
    CHECK_STEP(1, PLAN_RESERVE, 0x403000, 0x405000, 1);
    CHECK(plan.steps[1].keep == 0x1000 && plan.steps[1].offset == 0x1000);
    CHECK_STEP(2, PLAN_MAP_ZERO, 0x404000, 0x405000, 1);
    CHECK_STEP(3, PLAN_CLEAR, 0x403244, 0x404000, 1);
}

/* bss that ends in the page in which the file's bytes end needs no page of its own. */
static void bss_in_the_last_page(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RW, 0x400000, 0, 0x800, 0x900)};
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 2);
    CHECK_STEP(1, PLAN_CLEAR, 0x400800, 0x401000, 0);
}

static void bss_after_whole_pages(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RW, 0x400000, 0, 0x1000, 0x1001)};
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 2);
    CHECK_STEP(1, PLAN_MAP_ZERO, 0x401000, 0x402000, 0);
}

/* Without PF_W the tail keeps the file's bytes; bss pages are writable all the same. */
static void bss_of_a_segment_that_is_not_writable(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RX, 0x400000, 0, 0x800, 0x1800)};
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 2);
    CHECK_STEP(1, PLAN_MAP_ZERO, 0x401000, 0x402000, 0);
    CHECK(plan.steps[1].protection == (PROT_READ | PROT_WRITE | PROT_EXEC));
}

static void first_segment_without_file_bytes(void)
{
    static const Elf64_Phdr phdr[] = {
        LOAD(RW, 0x400010, 0, 0, 0x20),
        LOAD(R, 0x401000, 0x1000, 0x1000, 0x1000),
    };
    BUILD(ET_EXEC, phdr);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x402000, 0);
    CHECK(plan.steps[0].keep == 0 && plan.steps[0].protection == PROT_NONE);
    CHECK_STEP(1, PLAN_MAP_ZERO, 0x400000, 0x401000, 0);
    CHECK_STEP(2, PLAN_MAP_FILE, 0x401000, 0x402000, 1);
    CHECK(plan.count == 3);
}

/* Two segments in one page of memory: the second is mapped over the first. */
static void segments_that_share_a_page(void)
{
    static const Elf64_Phdr phdr[] = {
        LOAD(RX, 0x400000, 0, 0x1800, 0x1800),
        LOAD(RW, 0x401800, 0x1800, 0x100, 0x100),
    };
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 2);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x402000, 0);
    CHECK_STEP(1, PLAN_MAP_FILE, 0x401000, 0x402000, 1);
}

static void other_headers_count_for_nothing(void)
{
    static const Elf64_Phdr phdr[] = {
        {.p_type = PT_PHDR, .p_vaddr = 0x900000, .p_memsz = 0x9000, .p_align = 1ul << 40},
        LOAD(RX, 0x400000, 0, 0x1000, 0x1000),
        {.p_type = PT_TLS, .p_vaddr = 0x400800, .p_memsz = 1ul << 40},
        {.p_type = PT_NULL, .p_vaddr = 0x1000, .p_memsz = 0x1000},
    };
    BUILD(ET_EXEC, phdr);
    CHECK(plan.count == 1);
    CHECK_STEP(0, PLAN_RESERVE, 0x400000, 0x401000, 1);
    CHECK(plan.align == 0x1000);
}

static void alignment_is_the_largest_power_of_two(void)
{
    Elf64_Phdr phdr[] = {
        LOAD(RX, 0, 0, 0x1000, 0x1000),
        LOAD(RW, 0x200000, 0x1000, 0x1000, 0x1000),
        LOAD(R, 0x400000, 0x2000, 0x1000, 0x1000),
    };
    phdr[0].p_align = 3;
    phdr[1].p_align = 0x200000;
    phdr[2].p_align = 0x300000;
    BUILD(ET_DYN, phdr);
    CHECK(plan.align == 0x200000);
    phdr[1].p_align = 1;
    BUILD(ET_DYN, phdr);
    CHECK(plan.align == 0x1000);
}

static void placement_follows_type_and_interpreter(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RX, 0, 0, 0x1000, 0x1000)};
    build(ET_DYN, phdr, 1, NULL);
    CHECK(plan.placement == PLAN_MMAP);
    build(ET_DYN, phdr, 1, "/ld.so");
    CHECK(plan.placement == PLAN_PIE);
    build(ET_EXEC, phdr, 1, "/ld.so");
    CHECK(plan.placement == PLAN_FIXED);
}

/* e_phoff is 64: in the second segment's file bytes, or in none's. */
static void program_headers_in_memory(void)
{
    Elf64_Phdr phdr[] = {
        LOAD(RX, 0x400000, 0x1000, 0x1000, 0x1000),
        LOAD(R, 0x500000, 0, 0x41, 0x1000),
    };
    BUILD(ET_EXEC, phdr);
    CHECK(plan.phdr_address == 0x500040);
    phdr[1].p_filesz = 0x40;
    BUILD(ET_EXEC, phdr);
    CHECK(plan.phdr_address == 0);
}

static void highest_page_of_user_space(void)
{
    static const Elf64_Phdr phdr[] = {LOAD(RX, 0x7fffffffe000, 0, 0x1000, 0x1000)};
    BUILD(ET_EXEC, phdr);
    CHECK_STEP(0, PLAN_RESERVE, 0x7fffffffe000, 0x7ffffffff000, 0);
    CHECK(plan.span == 0x1000);
}

const struct unit_test plan_tests[] = {
    {"one segment is the reservation", one_segment},
    {"bss, its tail, and a hole", bss_tail_and_hole},
    {"plan: runs of pages at the image's own addresses", runs_at_own_addresses},
    {"bss in the last page of the file's bytes", bss_in_the_last_page},
    {"bss after whole pages", bss_after_whole_pages},
    {"bss of a segment that is not writable", bss_of_a_segment_that_is_not_writable},
    {"a first segment without file bytes", first_segment_without_file_bytes},
    {"segments that share a page", segments_that_share_a_page},
    {"other program headers count for nothing", other_headers_count_for_nothing},
    {"alignment", alignment_is_the_largest_power_of_two},
    {"placement", placement_follows_type_and_interpreter},
    {"the program headers' place in memory", program_headers_in_memory},
    {"the highest page of user space", highest_page_of_user_space},
    {NULL, NULL},
};
