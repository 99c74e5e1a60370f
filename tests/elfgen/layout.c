/* layout.c - where in the file and in memory everything comes that the description left open. */
#include <stdlib.h>

#include "fields.h"
#include "image.h"

/* Code begins at a multiple of this, as compilers' does. */
#define CODE_ALIGN 16u

/* More than any test needs; a description that asks for more has a wrong number in it. */
#define SIZE_MAXIMUM (UINT64_C(1) << 32)

static bool given(const struct segment *segment, int field)
{
    return segment->given >> field & 1;
}

static uint64_t sum(const struct segment *segment, uint64_t a, uint64_t b)
{
    uint64_t result;

    if (__builtin_add_overflow(a, b, &result))
        fail(segment->place, "the segment ends past 2^64 (0x%llx + 0x%llx); use a damage for that",
             (unsigned long long)a, (unsigned long long)b);
    return result;
}

/* The first place from `cursor` on that is congruent to `address` modulo `align`. */
static uint64_t congruent(uint64_t cursor, uint64_t address, uint64_t align)
{
    if (align <= 1)
        return cursor;

    uint64_t wanted = address % align, found = cursor % align;

    return cursor + (wanted >= found ? wanted - found : align - (found - wanted));
}

/* `offset`, or the end of the file's headers if it is inside them. */
static uint64_t past_headers(const struct image *image, uint64_t offset)
{
    uint64_t table_end = image->table_offset + image->table_size;

    if (offset < image->header.e_ehsize)
        offset = image->header.e_ehsize;
    if (offset >= image->table_offset && offset < table_end)
        offset = table_end;
    return offset;
}

/* Gives the segment its offset, its contents their place, and both sizes. `cursor` is the first
 * byte of the file that nothing placed so far reaches. */
static void segment_place(const struct image *image, struct segment *segment, uint64_t *cursor)
{
    Elf64_Phdr *header = &segment->header;
    bool table = header->p_type == PT_PHDR && !given(segment, P_OFFSET);
    bool nowhere = header->p_type != PT_LOAD && segment->length == 0 && !given(segment, P_OFFSET) &&
                   !given(segment, P_VADDR) && !given(segment, P_FILESZ);
    uint64_t next = *cursor;

    if (table) {
        header->p_offset = image->table_offset;
        if (!given(segment, P_FILESZ))
            header->p_filesz = image->table_size;
    } else if (segment->headers) {
        header->p_offset = 0;
    } else if (!given(segment, P_OFFSET) && !nowhere) {
        header->p_offset = congruent(*cursor, header->p_vaddr, header->p_align);
    }

    /* A segment that has the headers has what was placed behind them, too: its own comes next. */
    segment->contents_offset = segment->headers ? next : past_headers(image, header->p_offset);
    if (segment->payload && segment->contents_offset != header->p_offset)
        segment->contents_offset = congruent(segment->contents_offset, 0, CODE_ALIGN);

    uint64_t end = sum(segment, segment->contents_offset, segment->length);

    if (!given(segment, P_FILESZ) && !table && (segment->length > 0 || segment->headers))
        header->p_filesz = end - header->p_offset;
    if (!given(segment, P_MEMSZ))
        header->p_memsz = header->p_filesz;

    if (segment->length > 0 && end > *cursor)
        *cursor = end;
    end = sum(segment, header->p_offset, header->p_filesz);
    if (end > segment->contents_offset)
        segment->fill_size = end - segment->contents_offset;
    if (header->p_filesz > 0 && end > *cursor)
        *cursor = end;
}

/* True for what is a part of a load rather than has its own place: TLS, RELRO, notes... whose
 * address was given, but not its offset. */
static bool segment_is_part(const struct segment *segment)
{
    return segment->header.p_type != PT_LOAD && given(segment, P_VADDR) &&
           !given(segment, P_OFFSET);
}

/* Says where a segment that has a place in the file is in memory, if a load maps that place. */
static void segment_address(const struct image *image, struct segment *segment)
{
    Elf64_Phdr *header = &segment->header;
    const struct segment *load = image_load_at_offset(image, header->p_offset);

    if (!given(segment, P_VADDR) && header->p_type != PT_LOAD && header->p_filesz > 0 && load)
        header->p_vaddr = load->header.p_vaddr + (header->p_offset - load->header.p_offset);
    if (!given(segment, P_PADDR))
        header->p_paddr = header->p_vaddr;
    segment->contents_address = header->p_vaddr + (segment->contents_offset - header->p_offset);
}

static void header_fill(struct image *image)
{
    Elf64_Ehdr *header = &image->header;

    for (int i = 0; i < SELFMAG; i++)
        header->e_ident[i] = (unsigned char)ELFMAG[i];
    header->e_ident[EI_CLASS] = image->narrow ? ELFCLASS32 : ELFCLASS64;
    header->e_ident[EI_DATA] = image->big ? ELFDATA2MSB : ELFDATA2LSB;
    header->e_ident[EI_VERSION] = EV_CURRENT;
    header->e_version = EV_CURRENT;
    if (!image->machine_given)
        header->e_machine = image->narrow ? EM_386 : EM_X86_64;
    header->e_ehsize = (Elf64_Half)(image->narrow ? ehdr_fields.narrow : ehdr_fields.wide);
    header->e_phentsize = (Elf64_Half)(image->narrow ? phdr_fields.narrow : phdr_fields.wide);
    header->e_phnum = (Elf64_Half)image->segment_count;
    if (!image->table_given)
        image->table_offset = image->segment_count ? header->e_ehsize : 0;
    image->table_size = image->segment_count * header->e_phentsize;
    header->e_phoff = image->table_offset;
}

/* In this order:
 *  1. the headers' sizes           (segments come behind them)
 *  2. what has its own place       (in the order of the table)
 *  3. what is a part of a load     (needs 2: where the loads are)
 *  4. addresses of what has only a place in the file   (needs 2, too)
 *  5. the entry                    (needs 4: the address of the code)
 */
void image_layout(struct image *image)
{
    uint64_t cursor;

    header_fill(image);
    cursor = past_headers(image, 0);
    if (image->table_given && image->table_offset + image->table_size > image->size)
        image->size = image->table_offset + image->table_size;

    for (size_t i = 0; i < image->segment_count; i++)
        if (!segment_is_part(&image->segments[i]))
            segment_place(image, &image->segments[i], &cursor);

    for (size_t i = 0; i < image->segment_count; i++) {
        struct segment *segment = &image->segments[i];
        const struct segment *load = image_load_at_address(image, segment->header.p_vaddr);

        if (!segment_is_part(segment))
            continue;
        if (load) {
            segment->header.p_offset = load->header.p_offset +
                                       (segment->header.p_vaddr - load->header.p_vaddr);
            segment->given |= 1u << P_OFFSET;
        }
        segment_place(image, segment, &cursor);
    }

    for (size_t i = image->segment_count; i-- > 0;) {
        segment_address(image, &image->segments[i]);
        if (image->segments[i].payload && !image->entry_given)
            image->header.e_entry = image->segments[i].contents_address;
    }
    if (cursor > image->size)
        image->size = cursor;
    if (image->size > SIZE_MAXIMUM)
        fail((struct place){0},
             "the file would have 0x%llx bytes (at most 0x%llx); use a damage for that",
             (unsigned long long)image->size, (unsigned long long)SIZE_MAXIMUM);
}

static bool holds(uint64_t start, uint64_t size, uint64_t value)
{
    return value >= start && value - start < size;
}

const struct segment *image_load_at_address(const struct image *image, uint64_t address)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment *segment = &image->segments[i];

        /* An end counts as inside, because .tbss is where .tdata ends, perhaps at the load's. */
        if (segment->header.p_type == PT_LOAD &&
            holds(segment->header.p_vaddr, segment->header.p_filesz + 1, address))
            return segment;
    }
    return NULL;
}

const struct segment *image_load_at_offset(const struct image *image, uint64_t offset)
{
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment *segment = &image->segments[i];

        if (segment->header.p_type == PT_LOAD &&
            holds(segment->header.p_offset, segment->header.p_filesz, offset))
            return segment;
    }
    return NULL;
}
