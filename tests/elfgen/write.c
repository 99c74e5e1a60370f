/* write.c - an image as the bytes of a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fields.h"
#include "image.h"
#include "payload.h"

/* Unit of holes in the file. */
#define BLOCK 4096u

/* In this order, the later over the earlier: gaps, fills, contents, headers. */
static void image_encode(const struct image *image, unsigned char *bytes)
{
    uint64_t entry_size = image->narrow ? phdr_fields.narrow : phdr_fields.wide;

    if (image->gap)
        memset(bytes, image->gap, image->size);
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment *segment = &image->segments[i];

        if (segment->fill >= 0 && segment->fill_size > 0)
            memset(bytes + segment->contents_offset, segment->fill, segment->fill_size);
    }
    for (size_t i = 0; i < image->segment_count; i++) {
        const struct segment *segment = &image->segments[i];
        unsigned char *contents;

        if (segment->length == 0) /* then it may have no place in the file either */
            continue;
        contents = bytes + segment->contents_offset;
        memcpy(contents, segment->contents, segment->length);
        if (segment->payload)
            payload_link(segment->payload, contents, segment->contents_address);
    }
    header_encode(&ehdr_fields, &image->header, image->narrow, image->big, bytes);
    for (size_t i = 0; i < image->segment_count; i++)
        header_encode(&phdr_fields, &image->segments[i].header, image->narrow, image->big,
                      bytes + image->table_offset + i * entry_size);
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/* Writes all but the blocks of zeroes, which 2 MiB alignment makes many of. */
static bool write_blocks(int file, const unsigned char *bytes, size_t size)
{
    if (ftruncate(file, (off_t)size) < 0)
        return false;
    for (size_t at = 0; at < size; at += BLOCK) {
        size_t length = size - at < BLOCK ? size - at : BLOCK;

        if (is_zero(bytes + at, length))
            continue;
        if (pwrite(file, bytes + at, length, (off_t)at) != (ssize_t)length)
            return false;
    }
    return true;
}

void image_write(const struct image *image, const char *path)
{
    const struct place nowhere = {0};
    struct stat status;
    unsigned char *bytes;
    bool written;
    int file;

    bytes = calloc(image->size, 1);
    if (!bytes)
        fail(nowhere, "no memory for 0x%llx bytes", (unsigned long long)image->size);
    image_encode(image, bytes);

    /* A new file, because an old one may be running, and has its own mode. */
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        unlink(path);
    file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
    if (file < 0)
        fail(nowhere, "%s cannot be made (%s)", path, strerror(errno));
    written = write_blocks(file, bytes, image->size < image->cut ? image->size : image->cut);
    if (close(file) < 0 || !written)
        fail(nowhere, "%s cannot be written (%s)", path, strerror(errno));
    free(bytes);
}
