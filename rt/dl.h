/* The table of functions that libc-min asks its linker by. */
#ifndef RT_DL_H
#define RT_DL_H

#include "base/linker.h"

extern const struct linker dl_table;

#endif
