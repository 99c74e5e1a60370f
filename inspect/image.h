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

/* Bytes of a file that are read at first: an ELF header with a usual number of program headers, and
 * a `#!` line, in one pread(2). */
enum { IMAGE_HEAD = 1024 };

/* What PT_GNU_STACK asks of the stack (the kernel's EXSTACK_*). */
enum image_stack { IMAGE_STACK_DEFAULT, IMAGE_STACK_NOEXEC, IMAGE_STACK_EXEC };

struct image {
    /* filled by the caller of image_read() */
    const char *name;   /* as messages name it; not owned */
    int fd;             /* open for reading; owned by whoever opened it */
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

    /* filled when it is mapped */
    uint64_t bias; /* add to the link-time addresses, bytes */
};

/* Sections, for reports. */
struct image_section {
    const char *name;
    Elf64_Shdr header; /* addresses are link-time */
};
struct image_sections {
    struct image_section *entries; /* from malloc */
    size_t count;
    void *elf; /* libelf's, which has the names; NULL: none */
};

/* What an image is used for decides two of the checks: an interpreter names none
 * itself, and a library needs no entry point. */
enum image_role { IMAGE_PROGRAM, IMAGE_INTERPRETER, IMAGE_LIBRARY };

/* Read the ELF header and the program headers of `image->fd`.  `head` is the
 * start of the file, `head_length` bytes that the caller has read already; it
 * must live as long as the image.
 * Everything that has to hold for the headers themselves to be readable is
 * checked here (gABI, "ELF Header").  false: *problem says what is wrong. */
bool image_read(struct image *image, const void *head, size_t head_length, struct problem *problem);

/* Check all of the program headers (gABI, "Program Header"; and what the
 * kernel's binfmt_elf demands), read PT_INTERP's string, note PT_GNU_STACK.
 * After it, sums of an entry's fields need no further check. */
bool image_check(struct image *image, enum image_role role, struct problem *problem);

/* Make the plan of a checked image.  false: no memory, said in *problem. */
bool image_plan(struct image *image, struct problem *problem);

/* The three in their order; the image is to be freed in either case. */
bool image_open(struct image *image, const void *head, size_t head_length, enum image_role role,
                struct problem *problem);

/* All sections in the file's order, the empty and the unmapped ones too: elf/section.h tells which
 * are in a segment.  libelf reads them; an image whose section headers are absent or damaged runs
 * all the same, so there are none then. */
void image_sections_read(struct image_sections *sections, const struct image *image);

/* Free them. */
void image_sections_free(struct image_sections *sections);

/* Free what image_read(), image_check() and image_plan() have taken; the file stays open. */
void image_free(struct image *image);

#endif
