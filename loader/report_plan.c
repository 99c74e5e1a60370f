/* --dry-run: the program headers with their sections, and the plan that results. */
#include "arch.h"
#include "base/problem.h"
#include "elf/names.h"
#include "elf/section.h"
#include "inspect/json.h"
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char placements[][8] = {
    [PLAN_FIXED] = "fixed",
    [PLAN_PIE] = "pie",
    [PLAN_MMAP] = "mmap",
};

/* Why the image goes to its address. */
static void placement_text(const struct image *image, bool interpreter, char *text, size_t room)
{
    uint64_t base = (ARCH_PIE_BASE & ~(image->plan.align - 1)) - image->plan.start;
    if (image->plan.placement == PLAN_FIXED)
        snprintf(text, room, "ET_EXEC: at its own addresses");
    else if (image->plan.placement == PLAN_PIE && !interpreter)
        snprintf(text, room,
                 "ET_DYN with an interpreter: add 0x%" PRIx64
                 ", and up to 2^%d random pages, to every address",
                 base & ~(ARCH_PAGE - 1), ARCH_MMAP_RANDOM_BITS);
    else {
        int length = snprintf(text, room,
                              "ET_DYN: mmap chooses, from the top of its area down; that is added "
                              "to every address");
        if (!interpreter && image->plan.align > ARCH_PAGE)
            snprintf(text + length, room - (size_t)length,
                     ", rounded down to a multiple of 0x%" PRIx64, image->plan.align);
    }
}

/* Columns of a program header's row, up to its addresses, and up to its sections. */
enum { ADDRESS_COLUMN = 45, SECTIONS_COLUMN = 82 };

/* In a narrow terminal a row takes two lines, the addresses below the rest. */
static void next_part(const struct table_style *style)
{
    if (style->width == 0 || style->width >= SECTIONS_COLUMN - 2)
        fprintf(style->out, "  ");
    else
        fprintf(style->out, "\n%*s", style->width - (SECTIONS_COLUMN - 2 - ADDRESS_COLUMN), "");
}

static void print_headers(const struct table_style *style, const struct image *image,
                          const struct image_sections *sections)
{
    char type[16], flags[4], names[4096];
    bool beside = style->width == 0 || style->width - SECTIONS_COLUMN >= style->width / 3;
    fprintf(style->out, "\n  phdr  %-12s %-3s  %-17s", "type", "", "file");
    next_part(style);
    fprintf(style->out, "%-25s  %-8s%s\n", "address", "align", beside ? "  sections" : "");
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        size_t length = 0;
        names[0] = '\0';
        for (size_t j = 0; j < sections->count && length < sizeof names - 1; j++) {
            if (section_in_segment(&sections->entries[j].header, phdr))
                length += (size_t)snprintf(names + length, sizeof names - length, "%s%s",
                                           length == 0 ? "" : " ", sections->entries[j].name);
        }
        elf_flags_text(phdr->p_flags, flags);
        const char *dim = phdr->p_type == PT_LOAD ? "" : table_dim(style);
        fprintf(style->out, "  %s%4zu  %-12s %s  %08" PRIx64 "-%08" PRIx64, dim, i,
                report_type(phdr->p_type, type), flags, phdr->p_offset,
                phdr->p_offset + phdr->p_filesz);
        next_part(style);
        fprintf(style->out, "%012" PRIx64 "-%012" PRIx64 "  0x%-6" PRIx64 "%s", phdr->p_vaddr,
                phdr->p_vaddr + phdr->p_memsz, phdr->p_align, table_plain(dim));
        table_column(style, SECTIONS_COLUMN, names);
    }
}

/* The step in words, with its bytes. */
static void explain(const struct image *image, const struct plan_step *step, char *text,
                    size_t room)
{
    const Elf64_Phdr *phdr = &image->phdr[step->phdr];
    uint64_t before = phdr->p_vaddr & (ARCH_PAGE - 1);
    uint64_t end = phdr->p_vaddr + phdr->p_filesz;
    uint64_t after = (ARCH_PAGE - end % ARCH_PAGE) % ARCH_PAGE;
    switch (step->kind) {
    case PLAN_RESERVE:
        if (step->keep == 0) {
            snprintf(text, room, "%" PRIu64 " bytes, inaccessible", step->length);
            break;
        }
        snprintf(text, room,
                 "%" PRIu64 " bytes from file offset 0x%" PRIx64 "; the first %" PRIu64
                 " are the segment's: %" PRIu64 " of its own, %" PRIu64 " before and %" PRIu64
                 " after them to fill pages",
                 step->length, step->offset, step->keep, phdr->p_filesz, before, after);
        break;
    case PLAN_MAP_FILE:
        snprintf(text, room,
                 "%" PRIu64 " bytes from file offset 0x%" PRIx64 ": %" PRIu64
                 " of the segment, %" PRIu64 " before and %" PRIu64 " after them to fill pages",
                 step->length, step->offset, phdr->p_filesz, before, after);
        break;
    case PLAN_MAP_ZERO:
        snprintf(text, room,
                 "%" PRIu64 " bytes of anonymous zeroes: bss is %" PRIu64 " bytes in all%s",
                 step->length, phdr->p_memsz - phdr->p_filesz,
                 phdr->p_filesz != 0 && after != 0 ? ", its first in the page before" : "");
        break;
    case PLAN_CLEAR:
        snprintf(text, room, "%" PRIu64 " bytes of zeroes up to the end of the page", step->length);
        break;
    case PLAN_UNMAP:
        snprintf(text, room, "%" PRIu64 " bytes between segments", step->length);
        break;
    }
}

enum { WHY_COLUMN = 57 };

static void print_steps(const struct table_style *style, const struct image *image)
{
    bool beside = style->width == 0 || style->width - WHY_COLUMN >= style->width / 3;
    fprintf(style->out, "\n  %-4s  %-8s  %-25s  %-5s %s\n", "step", "what", "address", "perm",
            beside ? "phdr   why" : "phdr");
    for (size_t i = 0; i < image->plan.count; i++) {
        const struct plan_step *step = &image->plan.steps[i];
        char protection[4], why[256];
        plan_protection_text(step->protection, protection);
        explain(image, step, why, sizeof why);
        bool writes = step->kind == PLAN_CLEAR || step->kind == PLAN_UNMAP;
        fprintf(style->out, "  %4zu  %-8s  %012" PRIx64 "-%012" PRIx64 "  %-4s  %4zu", i + 1,
                plan_kind_name(step->kind), step->address, step->address + step->length,
                writes ? "" : protection, step->phdr);
        table_column(style, WHY_COLUMN, why);
    }
}

static void print_image(const struct table_style *style, const struct image *image,
                        bool interpreter)
{
    struct image_sections sections;
    image_sections_read(&sections, image);
    char placement[256], name[4096], line[4200];
    placement_text(image, interpreter, placement, sizeof placement);
    snprintf(line, sizeof line, "%s: %s", interpreter ? "interpreter" : "program",
             table_clean(image->name, name, sizeof name));
    table_wrap(style, 2, line);
    fprintf(style->out, "  ");
    table_wrap(style, 2, placement);
    snprintf(line, sizeof line, "entry 0x%" PRIx64 ", %" PRIu64 " bytes of file%s",
             image->plan.entry, image->file_size,
             sections.count == 0 ? ", no section headers" : "");
    fprintf(style->out, "  ");
    table_wrap(style, 2, line);
    print_headers(style, image, &sections);
    image_sections_free(&sections);
    print_steps(style, image);
}

static void print_heap(const struct table_style *style, const struct plan *plan)
{
    char line[160];
    if (plan->placement == PLAN_MMAP)
        snprintf(line, sizeof line,
                 "heap: from 0x%lx, where a PIE would begin, and up to 1G of random pages above",
                 (ARCH_PIE_BASE + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1));
    else
        snprintf(line, sizeof line,
                 "heap: from 0x%" PRIx64 "%s, the end of bss, and up to 1G of random pages above",
                 plan->break_start,
                 plan->placement == PLAN_PIE ? " + what is added to every address" : "");
    fprintf(style->out, "\n");
    table_wrap(style, 2, line);
}

static void print_text(const struct table_style *style, const struct launch *launch)
{
    const struct image *images[2];
    size_t count = report_images(launch, images), length = 0, room = 6;
    char name[4096], line[4200];
    /* only scripts: the images have headings of their own */
    for (size_t i = 0; i + count < launch->file_count; i++) {
        snprintf(line, sizeof line, "%s: %s", table_clean(launch->files[i].path, name, sizeof name),
                 launch->files[i].format);
        table_wrap(style, 2, line);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fprintf(style->out, "\n");
        print_image(style, images[i], i == 1);
    }
    print_heap(style, &launch->program.plan);
    for (char **argument = launch->argv; *argument != NULL; argument++)
        room += strlen(*argument) + 1;
    char *arguments = malloc(room);
    if (arguments == NULL)
        return;
    for (char **argument = launch->argv; *argument != NULL; argument++)
        length +=
            (size_t)sprintf(arguments + length, "%s%s", length == 0 ? "argv: " : " ", *argument);
    table_wrap(style, 6, arguments);
}

static void json_headers(struct json *json, const struct image *image)
{
    struct image_sections sections;
    image_sections_read(&sections, image);
    char type[16], flags[4];
    json_begin_array(json, "program_headers");
    for (size_t i = 0; i < image->header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &image->phdr[i];
        json_begin_object(json, NULL);
        json_write_number(json, "index", i);
        json_write_string(json, "type", report_type(phdr->p_type, type));
        elf_flags_text(phdr->p_flags, flags);
        json_write_string(json, "flags", flags);
        json_write_hex(json, "offset", phdr->p_offset);
        json_write_hex(json, "file_size", phdr->p_filesz);
        json_write_hex(json, "address", phdr->p_vaddr);
        json_write_hex(json, "memory_size", phdr->p_memsz);
        json_write_hex(json, "align", phdr->p_align);
        json_begin_array(json, "sections");
        for (size_t j = 0; j < sections.count; j++) {
            if (section_in_segment(&sections.entries[j].header, phdr))
                json_write_string(json, NULL, sections.entries[j].name);
        }
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
    image_sections_free(&sections);
}

static void json_steps(struct json *json, const struct image *image)
{
    json_begin_array(json, "steps");
    for (size_t i = 0; i < image->plan.count; i++) {
        const struct plan_step *step = &image->plan.steps[i];
        char protection[4];
        plan_protection_text(step->protection, protection);
        json_begin_object(json, NULL);
        json_write_string(json, "step", plan_kind_name(step->kind));
        json_write_number(json, "program_header", step->phdr);
        json_write_hex(json, "address", step->address);
        json_write_hex(json, "length", step->length);
        if (step->kind != PLAN_CLEAR && step->kind != PLAN_UNMAP)
            json_write_string(json, "protection", protection);
        if (step->kind == PLAN_MAP_FILE || (step->kind == PLAN_RESERVE && step->keep != 0))
            json_write_hex(json, "offset", step->offset);
        if (step->kind == PLAN_RESERVE)
            json_write_hex(json, "keep", step->keep);
        json_end_object(json);
    }
    json_end_array(json);
}

static void print_json(FILE *out, const struct launch *launch)
{
    const struct image *images[2];
    size_t count = report_images(launch, images);
    struct json json = {.out = out};
    json_begin_object(&json, NULL);
    json_write_string(&json, "schema", "uexec-plan");
    json_write_number(&json, "version", 1);
    json_begin_array(&json, "argv");
    for (char **argument = launch->argv; *argument != NULL; argument++)
        json_write_string(&json, NULL, *argument);
    json_end_array(&json);
    json_begin_array(&json, "images");
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&json, NULL);
        json_write_string(&json, "role", i == 0 ? "program" : "interpreter");
        json_write_string(&json, "path", images[i]->name);
        json_write_string(&json, "placement",
                          placements[i == 1 && images[i]->plan.placement == PLAN_PIE
                                         ? PLAN_MMAP
                                         : images[i]->plan.placement]);
        json_write_hex(&json, "entry", images[i]->plan.entry);
        json_write_hex(&json, "span", images[i]->plan.span);
        json_write_hex(&json, "align", images[i]->plan.align);
        json_headers(&json, images[i]);
        json_steps(&json, images[i]);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
}

bool report_plan(struct report *report, const struct launch *launch, struct problem *problem)
{
    if (report->json)
        print_json(report->style.out, launch);
    else
        print_text(&report->style, launch);
    return report_flush(report, problem);
}
