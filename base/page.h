/* Rounding to pages. */
#ifndef BASE_PAGE_H
#define BASE_PAGE_H

#include "machine.h"

#include <stdint.h>

static inline uint64_t page_down(uint64_t address)
{
    return address & ~(ARCH_PAGE - 1);
}

/* The caller has checked that there is a page above. */
static inline uint64_t page_up(uint64_t address)
{
    return page_down(address + ARCH_PAGE - 1);
}

#endif
