/* Shared by strrchr.c and memrchr.c. */
#ifndef LIBC_STRRCHR_H
#define LIBC_STRRCHR_H

#include "cpu.h"
#include "vector.h"

#define VECTOR v16
#define TARGET
#include "strrchr_vector.h"
#undef VECTOR
#undef TARGET

#endif
