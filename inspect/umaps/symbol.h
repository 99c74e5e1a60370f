/* Symbols of a mapped image. */
#ifndef UMAPS_SYMBOL_H
#define UMAPS_SYMBOL_H

#include "inspect/provenance.h"

/* The function or object of an image that an address is in, from .symtab, or .dynsym if there is no
 * .symtab. `address` is the process's. NULL: none is known. The name belongs to the image's
 * sections; *offset: bytes from the symbol's start. */
const char *symbol_find(const struct origin *origin, uint64_t address, uint64_t *offset);

#endif
