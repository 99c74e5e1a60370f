/* libFuzzer's target: the part of the loader that input reaches before anything is mapped.
 *
 * Input is a file. It is read, checked and planned as a program and as an interpreter, or, if it
 * begins with "#!", split into name and argument; expect.c says what must come of it. Then the same
 * with a file that has shrunk, and with memory that runs out.
 */
#include "base/problem.h"
#include "expect.h"
#include "loader/launch.h"
#include "pool.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

/* What the loader reads of a file at first, in launch.c. */
enum { HEAD = 1024 };

/* A file with these bytes; the same one each time. */
static int file_of(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("image", 0);
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
    return fd;
}

/* What is said of a problem is one line, with the status for an unusable program. */
static void expect_problem(const struct problem *problem)
{
    size_t length = strnlen(problem->text, sizeof problem->text);
    EXPECT(length > 0 && length < sizeof problem->text, "%zu bytes", length);
    EXPECT(problem->status == STATUS_UNUSABLE, "%d", problem->status);
    for (size_t i = 0; i < length; i++)
        EXPECT((unsigned char)problem->text[i] >= ' ', "%s", problem->text);
}

/* The loader's way with a file, up to the plan. */
static bool load(struct image *image, enum image_role role, const char *head, size_t head_length,
                 struct problem *problem)
{
    memset(problem, 0xa5, sizeof *problem);
    return image_open(image, head, head_length, role, problem);
}

/* Sections are read by libelf, and their names must be strings. */
static size_t read_sections(const struct image *image)
{
    struct image_sections sections;
    size_t bytes = 0;
    image_sections_read(&sections, image);
    for (size_t i = 0; i < sections.count; i++)
        bytes += strlen(sections.entries[i].name);
    image_sections_free(&sections);
    return bytes;
}

/* An image gives back all that it took. */
static void finish(struct image *image)
{
    image_free(image);
    EXPECT(pool_count() == 0, "%zu blocks and files", pool_count());
    pool_empty();
}

static void try_image(const uint8_t *data, size_t size, int fd, const char *head,
                      size_t head_length, enum image_role role)
{
    struct image image = {.name = "image", .fd = fd, .file_size = size};
    struct problem problem;
    const char *refusal = expect_refusal(data, size, role);
    if (load(&image, role, head, head_length, &problem)) {
        EXPECT(refusal == NULL || strncmp(refusal, "perhaps", 7) == 0, "accepted: %s", refusal);
        expect_plan(&image.plan, data, size);
        read_sections(&image);
    } else {
        EXPECT(refusal != NULL, "refused: %s", problem.text);
        expect_problem(&problem);
    }
    finish(&image);
}

/* The file is shorter now than it was, or an allocation fails: either is an error or of no
 * consequence. */
static void try_trouble(size_t size, int fd, const char *head, size_t head_length)
{
    struct image image = {.name = "image", .fd = fd, .file_size = size};
    struct problem problem;
    for (int failing = 0; failing < 3; failing++) {
        pool_fail(failing);
        if (!load(&image, IMAGE_PROGRAM, head, head_length, &problem))
            expect_problem(&problem);
        finish(&image);
    }
    if (ftruncate(fd, (off_t)(size / 2)) != 0)
        abort();
    if (!load(&image, IMAGE_PROGRAM, head, head_length, &problem))
        expect_problem(&problem);
    else
        read_sections(&image);
    finish(&image);
}

static void try_script(const uint8_t *data, size_t size, const char *head, size_t head_length)
{
    char *argv[] = {"zero", "one", "two", NULL};
    struct launch launch = {.argv = argv};
    struct executable executable = {
        .path = "./script", .fd = -1, .size = size, .head = head, .head_length = head_length};
    struct problem problem;
    struct expect_line line;
    const char *next;
    EXPECT(format_script.matches(&executable) == (size >= 2 && memcmp(data, "#!", 2) == 0), "%zu",
           size);
    if (!format_script.matches(&executable))
        return;
    bool expected = expect_line(&line, data, size);
    bool split = format_script.load(&launch, &executable, &next, &problem);
    EXPECT(split == expected, "name of %zu bytes", line.name_length);
    if (split) {
        char **at = launch.argv;
        EXPECT(strlen(next) == line.name_length &&
                   memcmp(next, data + line.name, line.name_length) == 0,
               "'%s'", next);
        EXPECT(strcmp(*at, next) == 0, "'%s'", *at);
        at++;
        if (line.has_argument) {
            EXPECT(strlen(*at) == line.argument_length &&
                       memcmp(*at, data + line.argument, line.argument_length) == 0,
                   "'%s'", *at);
            at++;
        }
        EXPECT(strcmp(at[0], "./script") == 0 && strcmp(at[1], "one") == 0 &&
                   strcmp(at[2], "two") == 0 && at[3] == NULL,
               "'%s'", at[0]);
    } else {
        expect_problem(&problem);
    }
    pool_empty();
    pool_fail(data[size - 1] % 2);
    launch.argv = argv;
    if (!format_script.load(&launch, &executable, &next, &problem))
        expect_problem(&problem);
    pool_empty();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t head_length = size < HEAD ? size : HEAD;
    char *head = calloc(1, HEAD);
    if (head == NULL)
        abort();
    memcpy(head, data, head_length);
    try_script(data, size, head, head_length);
    int fd = file_of(data, size);
    try_image(data, size, fd, head, head_length, IMAGE_PROGRAM);
    try_image(data, size, fd, head, head_length, IMAGE_INTERPRETER);
    try_trouble(size, fd, head, head_length);
    free(head);
    return 0;
}

/* --- a mutator that knows where the fields are */

/* Values at which sums wrap, pages end and limits are, a little above or below. */
static uint64_t edge(uint64_t near, size_t size, unsigned seed)
{
    const uint64_t edges[] = {
        0,    near, size, 4096,           0x400000,  near ^ 4096, near + size, 0x7ffffffff000,
        4095, 4096, 8,    0x800000000000, 1ul << 32, 1ul << 46,   1ul << 63,   UINT64_MAX,
    };
    uint64_t value = edges[seed % 16];
    switch (seed / 16 % 6) {
    case 0:
        return value - 1;
    case 1:
        return value + 1;
    case 2:
        return value - 4096;
    case 3:
        return (uint64_t)0 - value;
    default:
        return value;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
    unsigned random = seed * 2654435761u;
    Elf64_Ehdr header;
    if (size < sizeof header + sizeof(Elf64_Phdr) || memcmp(data, ELFMAG, SELFMAG) != 0 ||
        random % 4 == 0)
        return LLVMFuzzerMutate(data, size, room);
    memcpy(&header, data, sizeof header);
    random /= 4;
    if (random % 8 == 0) {
        /* e_entry, e_phoff, e_shoff are in a row; e_phnum, e_shnum and e_shstrndx are small */
        size_t field = offsetof(Elf64_Ehdr, e_entry) + random / 8 % 3 * 8;
        uint64_t value;
        memcpy(&value, data + field, sizeof value);
        value = edge(value, size, random / 32);
        memcpy(data + field, &value, sizeof value);
        return size;
    }
    size_t count = header.e_phnum == 0 ? 1 : header.e_phnum;
    uint64_t at = header.e_phoff + random / 8 % count * sizeof(Elf64_Phdr);
    if (at > size || size - at < sizeof(Elf64_Phdr))
        return LLVMFuzzerMutate(data, size, room);
    random /= 1024;
    if (random % 8 == 0) { /* p_type and p_flags share eight bytes */
        static const uint32_t types[] = {PT_LOAD,      PT_LOAD, PT_INTERP,
                                         PT_GNU_STACK, PT_NULL, PT_PHDR};
        uint32_t values[] = {types[random / 8 % 6], random / 64 % 8};
        memcpy(data + at, values, sizeof values);
        return size;
    }
    uint64_t field[2]; /* one, and the next: offset, vaddr, paddr, filesz, memsz, align */
    size_t place = at + 8 + random / 8 % 5 * 8;
    memcpy(field, data + place, sizeof field);
    field[0] = edge(field[random / 64 % 2], size, random / 128);
    memcpy(data + place, field, sizeof *field);
    return size;
}
