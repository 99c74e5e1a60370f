/* Where a mapping comes from: which program headers, and which sections, of which image. */
#ifndef INSPECT_PROVENANCE_H
#define INSPECT_PROVENANCE_H

#include "inspect/image.h"
#include "inspect/maps.h"

/* An image that is mapped: the program, its interpreter, a library. */
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

/* Appends an image that is mapped at image->bias; `role` and `label` ("": none) are copied or
 * outlive the list.  The image stays the caller's.  false: no memory. */
bool provenance_add(struct provenance *provenance, const struct image *image, const char *role,
                    const char *label);

/* Appends each file that a mapping without an origin has been made from, as a library; the
 * mapping's device and inode say whether the file of that name is still the one that is mapped. */
void provenance_add_libraries(struct provenance *provenance, const struct maps *maps);

/* "LOAD[2]: .text .plt" of each image, or what the kernel's mappings are for; "": not known.  Of a
 * long text the end is "...". `room`: bytes, 4 at least.  Returns the length. */
size_t provenance_text(const struct provenance *provenance, const struct mapping *mapping,
                       char *text, size_t room);

/* Bytes of a step that are mapped for good; 0: it maps nothing. */
uint64_t provenance_mapped(const struct plan_step *step);

/* Compares the plans of the first `count` origins with the mappings.  `relocated`: a dynamic linker
 * has made PT_GNU_RELRO read-only.  Returns the number of planned ranges; *wrong: those that are
 * not mapped as planned. */
size_t provenance_check(const struct provenance *provenance, size_t count, const struct maps *maps,
                        bool relocated, size_t *wrong);

/* Frees what the list has, and the images that it opened. */
void provenance_free(struct provenance *provenance);

#endif
