#ifndef LIBC_DIGIT_PAIRS_H
#define LIBC_DIGIT_PAIRS_H

#include "alias.h"

/* "00" to "99": two digits for one division. */
extern HIDDEN const char __digit_pairs[201];

#endif
