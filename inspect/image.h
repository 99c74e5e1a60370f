/* An ELF file that is open: its headers (elf/header.h), its interpreter, its plan, its sections. */
#ifndef INSPECT_IMAGE_H
#define INSPECT_IMAGE_H

#include "base/problem.h"
#include "elf/plan.h"

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct problem;

/* The bytes that the first pread(2) of a file reads: enough for an ELF header with a usual number
 * of program headers, and for a `#!` line. */
enum { IMAGE_HEAD = 1024 };

/* What PT_GNU_STACK says about the stack (the kernel's EXSTACK_*). */
enum image_stack { IMAGE_STACK_DEFAULT, IMAGE_STACK_NOEXEC, IMAGE_STACK_EXEC };

struct image {
    /* filled by the caller of image_read() */
    const char *name;   /* for messages; not owned */
    int fd;             /* open for reading; its opener closes it */
    uint64_t file_size; /* bytes */

    /* filled by image_read() */
    const char *head; /* the start of the file as it was passed in; not owned */
    size_t head_length;
    Elf64_Ehdr header;
    const Elf64_Phdr *phdr; /* header.e_phnum of them; from malloc, or NULL */

    /* filled by image_check() */
    const char *interpreter; /* PT_INTERP's path, from malloc; NULL: none */
    size_t interpreter_phdr; /* its program header */
    enum image_stack stack;

    /* filled by image_plan() */
    struct plan plan; /* its steps from malloc */

    /* filled when the image is mapped */
    uint64_t bias; /* the number to add to link-time addresses, bytes */
};

/* Sections, for reports. */
struct image_section {
    const char *name;
    Elf64_Shdr header; /* addresses are link-time */
};
struct image_sections {
    struct image_section *entries; /* from malloc */
    size_t count;
    void *elf; /* libelf's handle, which owns the names; NULL: none */
};

/* The use of an image decides two of the checks: an interpreter must not name one itself, and a
 * library needs no entry point. */
enum image_role { IMAGE_PROGRAM, IMAGE_INTERPRETER, IMAGE_LIBRARY };

/* Reads the ELF header and the program headers of `image->fd`. `head` is the start of the file,
 * `head_length` bytes that the caller has read; it must live as long as the image. Checks what has
 * to hold for the headers to be readable (gABI, "ELF Header"). false: *problem. */
bool image_read(struct image *image, const void *head, size_t head_length, struct problem *problem);

/* Checks all program headers (gABI, "Program Header", and the kernel's binfmt_elf), reads
 * PT_INTERP's string and PT_GNU_STACK. Afterwards, sums of an entry's fields need no further check.
 */
bool image_check(struct image *image, enum image_role role, struct problem *problem);

/* Makes the plan of a checked image. false: no memory; *problem. */
bool image_plan(struct image *image, struct problem *problem);

/* The three in this order. The caller frees the image in either case. */
bool image_open(struct image *image, const void *head, size_t head_length, enum image_role role,
                struct problem *problem);

/* Reads all sections with libelf, in the file's order, the empty and the unmapped ones too;
 * elf/section.h tells which are in a segment. An image with absent or damaged section headers runs
 * all the same, and has none here. */
void image_sections_read(struct image_sections *sections, const struct image *image);

/* Free them. */
void image_sections_free(struct image_sections *sections);

/* Frees the memory of image_read(), image_check() and image_plan(). The file stays open. */
void image_free(struct image *image);

#endif
