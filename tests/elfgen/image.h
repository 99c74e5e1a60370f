/* image.h - the value in the middle of elfgen: one ELF image, described but not yet bytes.
 *
 * description text -> image_describe() -> image_layout() -> image_damage() -> image_write()
 *
 * Headers are kept in their 64-bit form, in the host's byte order, whatever the image's class and
 * encoding are; only image_write() knows how they look in the file.
 */
#ifndef ELFGEN_IMAGE_H
#define ELFGEN_IMAGE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct damage;
struct field;
struct payload;

/* Where in a description something was said; every message about it begins with this. */
struct place {
    const char *file;
    unsigned line; /* from 1; 0: not from a description */
};

struct segment {
    /* filled by image_describe() */
    struct place place;
    Elf64_Phdr header; /* what was not given is filled by image_layout() */
    unsigned given;    /* bit N: the header's field N of phdr_fields was given */
    bool headers;      /* begins at file offset 0, so it maps the file's headers too */
    int fill;          /* byte for all of p_filesz that holds nothing else; -1: leave as it is */
    const struct payload *payload; /* what `contents` is code of, or NULL */
    unsigned char *contents;       /* may be shared by segments made by `repeat`; never freed */
    size_t length;                 /* of contents, bytes */

    /* filled by image_layout(); damages leave them alone, so bytes stay where they were planned */
    uint64_t contents_offset;  /* in the file */
    uint64_t contents_address; /* link-time */
    uint64_t fill_size;        /* from contents_offset to the end of p_filesz, bytes */
};

/* One `damage` line. */
struct injury {
    struct place place;
    const struct damage *damage;
    uint64_t number;           /* a program header's index, or what the damage takes */
    bool numbered;             /* number was given */
    const struct field *field; /* to force; NULL if the damage does not force a field */
    uint64_t value;            /* for the field */
};

struct image {
    /* filled by image_describe() */
    bool narrow; /* class 32 */
    bool big;    /* most significant byte first */
    Elf64_Ehdr header;
    bool entry_given, machine_given, table_given;
    unsigned char gap; /* byte for what belongs to no segment */
    uint64_t size;     /* of the file, bytes; image_layout() raises it to what the segments need */
    struct segment *segments;
    size_t segment_count;
    struct injury *injuries;
    size_t injury_count;

    /* filled by image_layout() (table_offset by `phoff`, if given) */
    uint64_t table_offset; /* of the program headers in the file; e_phoff is a copy that may lie */
    uint64_t table_size;   /* bytes */

    /* filled by image_damage() */
    uint64_t cut; /* the file ends here at the latest */
};

/* Reads the description `file` (a name for messages) from `stream`. Stops the tool on errors. */
void image_describe(struct image *image, const char *file, FILE *stream);

/* Gives every header field, offset and address that was left open its value. */
void image_layout(struct image *image);

/* Applies the image's damages in the order in which they were written. */
void image_damage(struct image *image);

/* Writes the image to `path`: a new file, mode 0777 & ~umask, holes where it holds zeroes. */
void image_write(const struct image *image, const char *path);

/* The segment that maps `address`, or file offset `offset`, from the file; NULL if there is none.
 */
const struct segment *image_load_at_address(const struct image *image, uint64_t address);
const struct segment *image_load_at_offset(const struct image *image, uint64_t offset);

/* Prints "elfgen: FILE:LINE: message" and ends the tool with status 2. */
_Noreturn void fail(struct place place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* As realloc() for `count` things of `size` bytes; ends the tool when there is no memory. */
void *grow(void *memory, size_t count, size_t size);

#endif
