/* memmove(), and memcpy(), which is the same: all that a short copy reads it reads first, and a
 * long one's direction costs two instructions. */
#include "cpu.h"
#include "ends.h"
#include "vector.h"
#include <string.h>

/* A copy to inside what is read must begin at the end, and one from inside what is written must
 * begin at the beginning.  Else there is a choice: a read is held up by an unfinished write a
 * little before it if the low 12 bits of the addresses, which the CPU compares first, are the same.
 */
INLINE int move_backwards_is_better(const char *to, const char *from, size_t size)
{
    uintptr_t ahead = (uintptr_t)to - (uintptr_t)from;

    return ahead < size || (ahead % PAGE < 512 && -ahead >= size);
}

#define VECTOR v16
#define TARGET
#include "memmove_vector.h"
#undef VECTOR
#undef TARGET

#define VECTOR v32
#define TARGET TARGET_AVX2
#include "memmove_vector.h"
#undef VECTOR
#undef TARGET

APART TARGET_AVX2 void *memmove_avx2(void *to, const void *from, size_t size)
{
    v32_move(to, from, size);
    return to;
}

APART void *memmove_sse2(void *to, const void *from, size_t size)
{
    v16_move(to, from, size);
    cpu_worked(size);
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    if (size > 64) {
        if (LIKELY(cpu_has(CPU_AVX2)))
            return memmove_avx2(to, from, size);
        return memmove_sse2(to, from, size);
    }
    if (size > 32)
        v16_move(to, from, size);
    else
        move_short(to, from, size);
    return to;
}

ALIAS(memmove, memcpy);
