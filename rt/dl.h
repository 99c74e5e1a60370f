/* The functions that libc-min calls in its linker. */
#ifndef RT_DL_H
#define RT_DL_H

#include "base/linker.h"

extern const struct linker dl_table;

#endif
