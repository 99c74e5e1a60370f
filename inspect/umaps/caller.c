#include "caller.h"

#include "symbol.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file whose symbols have been asked for; they stay open. */
struct file {
    struct file *next;
    const char *name, *device;
    uint64_t inode;
    bool usable;
    struct image image;
    struct provenance provenance;
};

struct entry {
    struct entry *next;
    const struct file *file;
    uint64_t offset; /* in the file */
    struct caller caller;
};

static struct file *file_of(const struct region *region)
{
    static struct file *files;
    struct problem problem;
    struct stat status;
    char head[IMAGE_HEAD];
    for (struct file *file = files; file != NULL; file = file->next)
        if (file->inode == region->inode && file->device == region->device &&
            file->name == region->name)
            return file;
    struct file *file = calloc(1, sizeof *file);
    if (file == NULL)
        return NULL;
    *file = (struct file){files, region->name, region->device, region->inode, .usable = false};
    files = file;
    file->image.name = region->name;
    file->image.fd = open(region->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file->image.fd < 0 || fstat(file->image.fd, &status) != 0 || status.st_ino != region->inode)
        return file;
    file->image.file_size = (uint64_t)status.st_size;
    ssize_t got = pread(file->image.fd, head, sizeof head, 0);
    file->usable = got > 0 &&
                   image_open(&file->image, head, (size_t)got, IMAGE_LIBRARY, &problem) &&
                   provenance_add(&file->provenance, &file->image, "library", "");
    return file;
}

/* The link-time address of a part of the file; the offset itself where no PT_LOAD has it. */
static uint64_t linked(const struct file *file, uint64_t offset)
{
    for (size_t i = 0; file->usable && i < file->image.header.e_phnum; i++) {
        const Elf64_Phdr *phdr = &file->image.phdr[i];
        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_X) != 0 && offset >= phdr->p_offset &&
            offset - phdr->p_offset < phdr->p_filesz)
            return offset - phdr->p_offset + phdr->p_vaddr;
    }
    return offset;
}

const struct caller *caller_find(const struct space *space, uint64_t address)
{
    enum { BUCKETS = 1024 };
    static struct entry *buckets[BUCKETS];
    const struct region *region = space_at(space, address);
    char text[512];
    if (region == NULL || region->start > address || region->name[0] == '\0')
        return NULL;
    uint64_t offset = address - region->start + region->offset;
    struct file *file = NULL;
    struct entry **bucket = &buckets[(offset ^ region->inode) % BUCKETS];
    for (struct entry *entry = *bucket; entry != NULL; entry = entry->next)
        if (entry->offset == offset && entry->file->inode == region->inode &&
            entry->file->name == region->name && entry->file->device == region->device)
            return &entry->caller;
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL || (file = file_of(region)) == NULL) {
        free(entry);
        return NULL;
    }
    const char *slash = strrchr(region->name, '/');
    uint64_t at = linked(file, offset), distance;
    snprintf(text, sizeof text, "%.300s+0x%" PRIx64, slash == NULL ? region->name : slash + 1, at);
    *entry = (struct entry){*bucket, file, offset, {space_intern(text), NULL}};
    /* the address is behind the `syscall` instruction, which may be the function's last */
    const char *symbol = file->usable ? symbol_find(&file->provenance.origins[0], at - 2, &distance)
                                      : NULL;
    if (symbol != NULL) {
        snprintf(text, sizeof text, "%.300s+0x%" PRIx64, symbol, distance + 2);
        entry->caller.symbol = space_intern(text);
    }
    *bucket = entry;
    return &entry->caller;
}
