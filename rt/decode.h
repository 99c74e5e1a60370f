/* From a mapped image to the fields of struct object: program headers, PT_DYNAMIC, symbol tables.
 */
#ifndef RT_DECODE_H
#define RT_DECODE_H

#include "base/problem.h"
#include "object.h"

/* Decodes the program headers and the dynamic section of a mapped image. The caller has set phdr,
 * phnum, bias, start and span. Every pointer that this function sets lies in the image. The image
 * is not written to. false: *problem, without the object's name. */
bool object_decode(struct object *object, struct problem *problem);

/* Releases what object_decode() has allocated. */
void object_undecode(struct object *object);

#endif
