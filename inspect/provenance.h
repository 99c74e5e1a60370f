/* The provenance of a mapping: which program headers and sections of which image. */
#ifndef INSPECT_PROVENANCE_H
#define INSPECT_PROVENANCE_H

#include "inspect/image.h"
#include "inspect/maps.h"

/* A mapped image: the program, its interpreter, or a library. */
struct origin {
    const struct image *image;
    struct image *opened; /* the same, if provenance_add_libraries() has opened it; NULL: it is
                             somebody else's */
    const char *role;     /* "program", "interpreter", "library" */
    char *label;          /* in front of its program headers: "libc.so "; from malloc */
    struct image_sections sections;
};

struct provenance {
    struct origin *origins; /* from malloc */
    size_t count;
};

/* Appends an image that is mapped at image->bias. `label` ("": none) is copied; `role` must outlive
 * the list. The caller keeps the image. false: no memory. */
bool provenance_add(struct provenance *provenance, const struct image *image, const char *role,
                    const char *label);

/* Appends, as a library, the file of each mapping without an origin. The mapping's device and inode
 * tell whether the name still belongs to the mapped file. */
void provenance_add_libraries(struct provenance *provenance, const struct maps *maps);

/* Writes "LOAD[2]: .text .plt" for each image, or the use of the kernel's mappings; "": not known.
 * A long text ends in "...". `room`: bytes, at least 4. Returns the length. */
size_t provenance_text(const struct provenance *provenance, const struct mapping *mapping,
                       char *text, size_t room);

/* The bytes of a step that stay mapped; 0: it maps nothing. */
uint64_t provenance_mapped(const struct plan_step *step);

/* Compares the plans of the first `count` origins with the mappings. `relocated`: a dynamic linker
 * has made PT_GNU_RELRO read-only. Returns the number of planned ranges; *wrong: the number of
 * those that are not mapped as planned. */
size_t provenance_check(const struct provenance *provenance, size_t count, const struct maps *maps,
                        bool relocated, size_t *wrong);

/* Frees the list, and the images that it opened. */
void provenance_free(struct provenance *provenance);

#endif
