/* Objects that are mapped when rt starts: the program, the vDSO, rt itself. */
#ifndef RT_PRESENT_H
#define RT_PRESENT_H

#include "object.h"

struct start;

/* The object whose ELF header is at `header`, mapped with it. Ends the process without memory, as
 * the next. */
struct object *present_of_header(const Elf64_Ehdr *header, const char *name);

/* The program that the kernel, or uexec, has mapped: by AT_PHDR. */
struct object *present_program(const struct start *start);

/* The text of PT_INTERP; NULL: none. */
const char *present_interpreter(const struct object *program);

#endif
