#include "cpu.h"
#include "ends.h"
#include "vector.h"
#include <string.h>

#define VECTOR v16
#define TARGET
#include "memset_vector.h"
#undef VECTOR
#undef TARGET

/* Before the detection of the CPU: by eight bytes, which is fast on every CPU. */
#define REP_WORDS_FROM 2048

/* Writes the ends, and all between them, aligned after the first bytes. */
INLINE void set_by_words(char *memory, v16_t filled, size_t size)
{
    char *at = (char *)align_down(memory, 16) + 16;
    size_t words = (size_t)(memory + size - at) / 8;
    uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(filled);

    v16_store_any(memory, filled);
    v16_store_any(memory + size - 16, filled);
    __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(bytes) : "memory");
}

/* memset() of more than 16 bytes for other CPUs than memset_evex.S and memset_avx2.S are for. */
HIDDEN void *__memset_no_avx2(void *memory, int byte, size_t size);

void *__memset_no_avx2(void *memory, int byte, size_t size)
{
    v16_t filled = v16_fill(byte);
    char *at = memory;

    if (size >= REP_WORDS_FROM) {
        set_by_words(at, filled, size);
    } else if (size > 64) {
        v16_set(at, filled, size);
    } else {
        SET_ENDS(v16_t, at, filled, size);
        if (size > 32) {
            v16_store_any(at + 16, filled);
            v16_store_any(at + size - 32, filled);
        }
        return memory;
    }
    cpu_worked(size);
    return memory;
}
