#include "cpu.h"
#include "ends.h"
#include "vector.h"
#include <string.h>

#define VECTOR v16
#define TARGET
#include "memset_vector.h"
#undef VECTOR
#undef TARGET

#define VECTOR v32
#define TARGET TARGET_AVX2
#include "memset_vector.h"
#undef VECTOR
#undef TARGET

/* From here on the microcode is no slower than a loop of stores, where it is fast, and does not
 * read first what it fills wholly. */
#define REP_FROM 3072

/* Before it is known what the CPU has; by eight bytes, which is fast everywhere. */
#define REP_WORDS_FROM 2048

/* The ends, and all between them, with what follows the beginning aligned. */
INLINE void set_by_words(char *memory, v16_t filled, size_t size)
{
    char *at = (char *)align_down(memory, 16) + 16;
    size_t words = (size_t)(memory + size - at) / 8;
    uint64_t bytes = (uint64_t)_mm_cvtsi128_si64(filled);

    v16_store_any(memory, filled);
    v16_store_any(memory + size - 16, filled);
    __asm__ volatile("rep stosq" : "+D"(at), "+c"(words) : "a"(bytes) : "memory");
}

APART TARGET_AVX2 void *memset_avx2(void *memory, int byte, size_t size)
{
    if (size >= REP_FROM && cpu_has(CPU_REP)) {
        void *at = memory;

        __asm__ volatile("rep stosb" : "+D"(at), "+c"(size) : "a"(byte) : "memory");
        return memory;
    }
    v32_set(memory, v32_fill(byte), size);
    return memory;
}

APART void *memset_sse2(void *memory, int byte, size_t size)
{
    if (size >= REP_WORDS_FROM)
        set_by_words(memory, v16_fill(byte), size);
    else
        v16_set(memory, v16_fill(byte), size);
    cpu_worked(size);
    return memory;
}

/* memset(), in memset_evex.S, where there is no AVX-512. */
HIDDEN void *__memset_no_evex(void *memory, int byte, size_t size);

void *__memset_no_evex(void *memory, int byte, size_t size)
{
    unsigned char *at = memory;
    uint64_t bytes = (unsigned char)byte * UINT64_C(0x0101010101010101);

    if (size > 64) {
        if (LIKELY(cpu_has(CPU_AVX2)))
            return memset_avx2(memory, byte, size);
        return memset_sse2(memory, byte, size);
    }
    if (size >= 16) {
        v16_t filled = v16_fill(byte);

        SET_ENDS(v16_t, at, filled, size);
        if (size > 32) {
            v16_store_any(at + 16, filled);
            v16_store_any(at + size - 32, filled);
        }
    } else if (size >= 8) {
        SET_ENDS(uint64_t, at, bytes, size);
    } else if (size >= 4) {
        SET_ENDS(uint32_t, at, (uint32_t)bytes, size);
    } else if (size != 0) {
        at[0] = at[size - 1] = (unsigned char)byte;
        at[size / 2] = (unsigned char)byte;
    }
    return memory;
}
