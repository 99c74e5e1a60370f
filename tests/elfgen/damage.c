/* damage.c - the table of damages. Each lies about one thing, and leaves the rest as it was. */
#include "damage.h"

#include <limits.h>
#include <string.h>

#include "fields.h"

#define PAGE 0x1000u

/* The segment's alignment; a page where it has none, as a loader maps it by pages then. */
static uint64_t alignment(const struct segment *segment)
{
    return segment->header.p_align > 1 ? segment->header.p_align : PAGE;
}

/* The last aligned place of an address space or file that has the same remainder as `value`. */
static uint64_t last_place(const struct image *image, const struct segment *segment, uint64_t value)
{
    uint64_t align = alignment(segment);
    uint64_t top = image->narrow ? UINT32_MAX : UINT64_MAX;

    return top - align + 1 + value % align;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* The load that comes before program header `index`; NULL if there is none. */
static struct segment *load_before(struct image *image, size_t index)
{
    while (index-- > 0)
        if (image->segments[index].header.p_type == PT_LOAD)
            return &image->segments[index];
    return NULL;
}

static void apply_field_ehdr(struct image *image, struct segment *segment,
                             const struct injury *injury)
{
    (void)segment;
    field_set(injury->field, &image->header, injury->value);
}

static void apply_field_phdr(struct image *image, struct segment *segment,
                             const struct injury *injury)
{
    (void)image;
    field_set(injury->field, &segment->header, injury->value);
}

static void cut_at(struct image *image, uint64_t size)
{
    if (size < image->cut)
        image->cut = size;
}

static void apply_truncate(struct image *image, struct segment *segment,
                           const struct injury *injury)
{
    (void)segment;
    cut_at(image, injury->number);
}

static void apply_empty(struct image *image, struct segment *segment, const struct injury *injury)
{
    (void)segment, (void)injury;
    cut_at(image, 0);
}

static void apply_cut_ident(struct image *image, struct segment *segment,
                            const struct injury *injury)
{
    (void)segment, (void)injury;
    cut_at(image, EI_NIDENT / 2);
}

static void apply_cut_ehdr(struct image *image, struct segment *segment,
                           const struct injury *injury)
{
    (void)segment, (void)injury;
    cut_at(image, image->header.e_ehsize - 4);
}

static void apply_cut_phdrs(struct image *image, struct segment *segment,
                            const struct injury *injury)
{
    (void)segment, (void)injury;
    cut_at(image, image->table_offset + image->table_size - 4);
}

static void apply_bad_magic(struct image *image, struct segment *segment,
                            const struct injury *injury)
{
    (void)segment, (void)injury;
    image->header.e_ident[EI_MAG3] = 'G';
}

static void apply_no_phdrs(struct image *image, struct segment *segment,
                           const struct injury *injury)
{
    (void)segment, (void)injury;
    image->header.e_phnum = 0;
}

static void apply_bad_phentsize(struct image *image, struct segment *segment,
                                const struct injury *injury)
{
    (void)segment, (void)injury;
    image->header.e_phentsize += 8;
}

static void apply_phdrs_past_end(struct image *image, struct segment *segment,
                                 const struct injury *injury)
{
    (void)segment, (void)injury;
    image->header.e_phoff = (image->size | (PAGE - 1)) + 1;
}

static void apply_phdrs_overflow(struct image *image, struct segment *segment,
                                 const struct injury *injury)
{
    (void)segment, (void)injury;
    image->header.e_phoff = image->narrow ? UINT32_MAX - 7 : UINT64_MAX - 7;
}

static void apply_no_load(struct image *image, struct segment *segment, const struct injury *injury)
{
    (void)segment, (void)injury;
    for (size_t i = 0; i < image->segment_count; i++)
        if (image->segments[i].header.p_type == PT_LOAD)
            image->segments[i].header.p_type = PT_NULL;
}

static void apply_unsorted(struct image *image, struct segment *segment,
                           const struct injury *injury)
{
    struct segment *before = load_before(image, (size_t)(segment - image->segments));
    struct segment moved = *segment;

    if (!before)
        fail(injury->place, "unsorted wants a load that has another before it");
    *segment = *before;
    *before = moved;
}

static void apply_overlap(struct image *image, struct segment *segment, const struct injury *injury)
{
    const struct segment *before = load_before(image, (size_t)(segment - image->segments));
    uint64_t align = alignment(segment);

    if (!before)
        fail(injury->place, "overlap wants a load that has another before it");
    segment->header.p_vaddr = before->header.p_vaddr / align * align +
                              segment->header.p_vaddr % align;
}

static void apply_misaligned(struct image *image, struct segment *segment,
                             const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_offset++;
    if (segment->header.p_filesz > 0) /* so that the file is still long enough */
        segment->header.p_filesz--;
}

static void apply_bad_align(struct image *image, struct segment *segment,
                            const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_align = 3;
}

static void apply_vaddr_overflow(struct image *image, struct segment *segment,
                                 const struct injury *injury)
{
    (void)injury;
    segment->header.p_vaddr = last_place(image, segment, segment->header.p_vaddr);
    segment->header.p_memsz = larger(segment->header.p_memsz, 2 * alignment(segment));
}

static void apply_offset_overflow(struct image *image, struct segment *segment,
                                  const struct injury *injury)
{
    (void)injury;
    segment->header.p_offset = last_place(image, segment, segment->header.p_offset);
    segment->header.p_filesz = larger(segment->header.p_filesz, 2 * alignment(segment));
    segment->header.p_memsz = larger(segment->header.p_memsz, segment->header.p_filesz);
}

static void apply_filesz_past_end(struct image *image, struct segment *segment,
                                  const struct injury *injury)
{
    (void)injury;
    segment->header.p_filesz = image->size - segment->header.p_offset + 16 * PAGE;
    segment->header.p_memsz = larger(segment->header.p_memsz, segment->header.p_filesz);
}

static void apply_filesz_over_memsz(struct image *image, struct segment *segment,
                                    const struct injury *injury)
{
    (void)image;
    if (segment->header.p_filesz == 0)
        fail(injury->place, "filesz-over-memsz wants a segment with a file size above 0");
    segment->header.p_memsz = segment->header.p_filesz - 1;
}

static void apply_huge_memsz(struct image *image, struct segment *segment,
                             const struct injury *injury)
{
    (void)injury;
    segment->header.p_memsz = (image->narrow ? UINT32_MAX : UINT64_MAX) - PAGE + 1 -
                              segment->header.p_vaddr;
}

static void apply_huge_memsz_46(struct image *image, struct segment *segment,
                                const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_memsz = UINT64_C(1) << 46;
}

static void apply_kernel_space(struct image *image, struct segment *segment,
                               const struct injury *injury)
{
    (void)injury;
    segment->header.p_vaddr |= image->narrow ? 0xc0000000u : UINT64_C(0xffff800000000000);
}

static void apply_noncanonical(struct image *image, struct segment *segment,
                               const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_vaddr |= UINT64_C(1) << 47;
}

/* Moves all of the image, entry too, so that nothing but the address is wrong. */
static void apply_zero_page(struct image *image, struct segment *segment,
                            const struct injury *injury)
{
    uint64_t lowest = UINT64_MAX;

    (void)segment, (void)injury;
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment *load = &image->segments[i];

        if (load->header.p_type == PT_LOAD && load->header.p_vaddr < lowest)
            lowest = load->header.p_vaddr - load->header.p_vaddr % PAGE;
    }
    for (size_t i = 0; i < image->segment_count; i++)
        if (image->segments[i].header.p_vaddr >= lowest)
            image->segments[i].header.p_vaddr -= lowest;
    image->header.e_entry -= lowest;
}

static void apply_entry_outside(struct image *image, struct segment *segment,
                                const struct injury *injury)
{
    uint64_t end = 0;

    (void)segment, (void)injury;
    for (size_t i = 0; i < image->segment_count; i++) {
        const Elf64_Phdr *header = &image->segments[i].header;

        if (header->p_type == PT_LOAD)
            end = larger(end, header->p_vaddr + header->p_memsz);
    }
    image->header.e_entry = end + 256 * PAGE;
}

static void apply_interp_unterminated(struct image *image, struct segment *segment,
                                      const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_filesz--;
    segment->header.p_memsz = segment->header.p_filesz;
}

/* Gives the interp `length` bytes of its own, where nothing else of the image is changed. */
static void interp_replace(struct image *image, struct segment *segment, size_t length)
{
    unsigned char *path = grow(NULL, length, 1);

    memset(path, 'x', length);
    path[0] = '/';
    path[length - 1] = '\0';
    segment->payload = NULL;
    segment->contents = path;
    segment->length = length;
    segment->contents_offset = segment->header.p_offset = image->size;
    segment->header.p_filesz = segment->header.p_memsz = length;
    image->size += length;
}

static void apply_interp_empty(struct image *image, struct segment *segment,
                               const struct injury *injury)
{
    (void)injury;
    interp_replace(image, segment, 1);
}

static void apply_interp_no_size(struct image *image, struct segment *segment,
                                 const struct injury *injury)
{
    (void)image, (void)injury;
    segment->header.p_filesz = segment->header.p_memsz = 0;
}

static void apply_interp_past_end(struct image *image, struct segment *segment,
                                  const struct injury *injury)
{
    (void)injury;
    segment->header.p_offset = (image->size | (PAGE - 1)) + 1;
}

static void apply_interp_too_long(struct image *image, struct segment *segment,
                                  const struct injury *injury)
{
    (void)injury;
    interp_replace(image, segment, PATH_MAX + 1);
}

const struct damage damages[] = {
    {"ehdr", TAKES_EHDR, "force fields of the ELF header", apply_field_ehdr},
    {"phdr", TAKES_PHDR, "force fields of program header N", apply_field_phdr},
    {"truncate", TAKES_NUMBER, "the file ends after N bytes", apply_truncate},
    {"empty-file", TAKES_NOTHING, "the file has no bytes", apply_empty},
    {"cut-ident", TAKES_NOTHING, "the file ends inside e_ident", apply_cut_ident},
    {"cut-ehdr", TAKES_NOTHING, "the file ends inside the ELF header", apply_cut_ehdr},
    {"cut-phdrs", TAKES_NOTHING, "the file ends inside the last program header", apply_cut_phdrs},
    {"bad-magic", TAKES_NOTHING, "e_ident begins with \\177ELG", apply_bad_magic},
    {"bad-phentsize", TAKES_NOTHING, "e_phentsize is 8 too large", apply_bad_phentsize},
    {"no-phdrs", TAKES_NOTHING, "e_phnum is 0", apply_no_phdrs},
    {"phdrs-past-end", TAKES_NOTHING, "e_phoff is past the end of the file", apply_phdrs_past_end},
    {"phdrs-overflow", TAKES_NOTHING, "e_phoff plus the table's size wraps", apply_phdrs_overflow},
    {"entry-outside", TAKES_NOTHING, "e_entry is 1 MiB above all loads", apply_entry_outside},
    {"no-load", TAKES_NOTHING, "every PT_LOAD becomes PT_NULL", apply_no_load},
    {"zero-page", TAKES_NOTHING, "the image is moved so that it begins in page 0", apply_zero_page},
    {"unsorted", TAKES_LOAD, "the load and the one before it change places", apply_unsorted},
    {"overlap", TAKES_LOAD, "the load begins in the page of the load before it", apply_overlap},
    {"misaligned", TAKES_LOAD, "p_offset is 1 too large to be congruent to p_vaddr",
     apply_misaligned},
    {"bad-align", TAKES_LOAD, "p_align is 3", apply_bad_align},
    {"vaddr-overflow", TAKES_LOAD, "p_vaddr + p_memsz wraps", apply_vaddr_overflow},
    {"offset-overflow", TAKES_LOAD, "p_offset + p_filesz wraps", apply_offset_overflow},
    {"filesz-past-end", TAKES_LOAD, "p_filesz reaches 64 KiB past the end of the file",
     apply_filesz_past_end},
    {"filesz-over-memsz", TAKES_LOAD, "p_memsz is p_filesz - 1", apply_filesz_over_memsz},
    {"huge-memsz", TAKES_LOAD, "p_vaddr + p_memsz is one page below 2^64 (2^32 in class 32)",
     apply_huge_memsz},
    {"huge-memsz-46", TAKES_LOAD, "p_memsz is 2^46 (class 64 only)", apply_huge_memsz_46},
    {"kernel-space", TAKES_LOAD, "p_vaddr is in the kernel's half", apply_kernel_space},
    {"noncanonical", TAKES_LOAD, "p_vaddr is from 2^47 up (class 64 only)", apply_noncanonical},
    {"interp-unterminated", TAKES_INTERP, "p_filesz leaves out the final NUL",
     apply_interp_unterminated},
    {"interp-empty", TAKES_INTERP, "the path is a NUL only", apply_interp_empty},
    {"interp-no-size", TAKES_INTERP, "p_filesz is 0", apply_interp_no_size},
    {"interp-past-end", TAKES_INTERP, "p_offset is past the end of the file",
     apply_interp_past_end},
    {"interp-too-long", TAKES_INTERP, "the path has PATH_MAX + 1 bytes with its NUL",
     apply_interp_too_long},
};
const size_t damage_count = sizeof damages / sizeof damages[0];

const char *damage_arguments(const struct damage *damage)
{
    static const char *const arguments[] = {
        [TAKES_NOTHING] = "",
        [TAKES_NUMBER] = " N",
        [TAKES_LOAD] = " [N]",
        [TAKES_INTERP] = " [N]",
        [TAKES_EHDR] = " FIELD=VALUE...",
        [TAKES_PHDR] = " N FIELD=VALUE...",
    };

    return arguments[damage->takes];
}

const struct damage *damage_find(const char *name)
{
    for (size_t i = 0; i < damage_count; i++)
        if (strcmp(damages[i].name, name) == 0)
            return &damages[i];
    return NULL;
}

/* The program header that an injury is for; NULL if it is for none in particular. */
static struct segment *injury_target(struct image *image, const struct injury *injury)
{
    enum damage_takes takes = injury->damage->takes;
    struct segment *target;

    if (takes != TAKES_LOAD && takes != TAKES_INTERP && takes != TAKES_PHDR)
        return NULL;
    if (injury->numbered) {
        if (injury->number >= image->segment_count)
            fail(injury->place, "there is no program header %llu (the image has %zu)",
                 (unsigned long long)injury->number, image->segment_count);
        target = &image->segments[injury->number];
        if ((takes == TAKES_LOAD && target->header.p_type != PT_LOAD) ||
            (takes == TAKES_INTERP && target->header.p_type != PT_INTERP))
            fail(injury->place, "damage %s is not for program header %llu (type 0x%x)",
                 injury->damage->name, (unsigned long long)injury->number, target->header.p_type);
        return target;
    }
    if (takes == TAKES_LOAD) {
        target = load_before(image, image->segment_count);
        if (target)
            return target;
    }
    for (size_t i = 0; takes == TAKES_INTERP && i < image->segment_count; i++)
        if (image->segments[i].header.p_type == PT_INTERP)
            return &image->segments[i];
    fail(injury->place, "there is no segment for it (damage %s)", injury->damage->name);
}

void image_damage(struct image *image)
{
    image->cut = UINT64_MAX;
    for (size_t i = 0; i < image->injury_count; i++) {
        const struct injury *injury = &image->injuries[i];

        injury->damage->apply(image, injury_target(image, injury), injury);
    }
}
