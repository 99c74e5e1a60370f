/* From a mapped image to what rt knows of it: program headers, PT_DYNAMIC, symbol tables. */
#ifndef RT_DECODE_H
#define RT_DECODE_H

#include "base/problem.h"
#include "object.h"

/* Decodes program headers and the dynamic section of a mapped image: phdr, phnum, bias, start, span
 * are there. Every pointer that it fills in has been checked to lie in the image. What has to be
 * written to the image is not written. false: *problem, without the object's name. */
bool object_decode(struct object *object, struct problem *problem);

/* Gives back what object_decode() has allocated. */
void object_undecode(struct object *object);

#endif
