/* Where a system call came from: object+offset, and the symbol. */
#ifndef UMAPS_CALLER_H
#define UMAPS_CALLER_H

#include "space.h"

struct caller {
    const char *place;  /* "libc.so.6+0x11a3b7": the link-time address, as addr2line(1) takes it */
    const char *symbol; /* "mmap64+0x17"; NULL: not known */
};

/* The place of an address of a file that is mapped; NULL: it is in none. Results are kept. */
const struct caller *caller_find(const struct space *space, uint64_t address);

#endif
