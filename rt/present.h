/* Objects that are mapped when rt starts: the program, the vDSO, rt itself. */
#ifndef RT_PRESENT_H
#define RT_PRESENT_H

#include "object.h"

struct start;

/* Makes the object whose ELF header is mapped at `header`. Ends the process if there is no memory,
 * as present_program() does. */
struct object *present_of_header(const Elf64_Ehdr *header, const char *name);

/* Makes the object of the program that the kernel or uexec has mapped, from AT_PHDR. */
struct object *present_program(const struct start *start);

/* The text of PT_INTERP; NULL: none. */
const char *present_interpreter(const struct object *program);

#endif
