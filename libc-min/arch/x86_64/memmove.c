/* memmove(), and memcpy(), which is the same function: a short copy reads all before it writes, and
 * the choice of direction costs a long one two instructions. */
#include "cpu.h"
#include "ends.h"
#include "vector.h"
#include <string.h>

/* If the destination begins inside the source, the copy must go backwards; if the source begins
 * inside the destination, forwards. Otherwise the speed decides: an unfinished write a little
 * before a read delays the read if the low 12 bits of the addresses agree, because the CPU compares
 * these first. */
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

#define VECTOR v64
#define TARGET TARGET_AVX512
#include "memmove_vector.h"
#undef VECTOR
#undef TARGET

/* With fast microcode, `rep movsb` is faster than a loop for blocks larger than the first cache,
 * because it does not read lines that it fills completely. It is slower, by 25 times, where the
 * loop would go backwards, and on some CPUs if the source is less than REP_NEAR ahead. */
#define REP_FROM         (24 << 10)
#define REP_OVERLAP_FROM (64 << 10)
#define REP_OVERLAP_TO   (512 << 10)
#define REP_NEAR         64

INLINE int rep_is_better(const char *to, const char *from, size_t size)
{
    uintptr_t ahead = (uintptr_t)to - (uintptr_t)from;

    if (size < REP_FROM || !cpu_has(CPU_REP) || ahead < size || ahead % PAGE < 512)
        return 0;
    return -ahead >= size || (size >= REP_OVERLAP_FROM && size < REP_OVERLAP_TO &&
                              (-ahead >= REP_NEAR || cpu_has(CPU_REP_NEAR)));
}

/* Up to EVEX_FROM the loop hardly runs. If the blocks overlap and the first caches hold them, 64
 * bytes at a time are slower than 32. */
#define EVEX_FROM         256
#define EVEX_OVERLAP_FROM (512 << 10)

INLINE int evex_is_better(const char *to, const char *from, size_t size)
{
    uintptr_t ahead = (uintptr_t)to - (uintptr_t)from;

    return size > EVEX_FROM && cpu_has(CPU_EVEX) &&
           ((ahead >= size && -ahead >= size) || size >= EVEX_OVERLAP_FROM);
}

/* Before the detection of the CPU: by eight bytes, which is fast on every CPU. */
#define REP_WORDS_FROM 2048

INLINE int rep_words_is_better(const char *to, const char *from, size_t size)
{
    uintptr_t ahead = (uintptr_t)to - (uintptr_t)from;

    return size >= REP_WORDS_FROM && ahead >= size && ahead % PAGE >= 512;
}

/* The first bytes are read first and written last, so that the rest is written from a cache line's
 * boundary on. So are the last ones, if they may be less than a unit. `v` is v32 or v16. */
#define MOVE_BY_REP(instruction, unit, v, to, from, size)                                          \
    do {                                                                                           \
        size_t skip_ = 2 * v##_size - (uintptr_t)(to) % (2 * v##_size);                            \
        size_t count_ = ((size)-skip_) / (unit);                                                   \
        v##_t first_ = v##_load_any(from), second_ = v##_load_any((from) + v##_size);              \
        v##_t last_ = v##_load_any((from) + (size)-v##_size);                                      \
        char *at_ = (to) + skip_;                                                                  \
        const char *from_ = (from) + skip_;                                                        \
                                                                                                   \
        __asm__ volatile(instruction : "+D"(at_), "+S"(from_), "+c"(count_) : : "memory");         \
        v##_store_any(to, first_);                                                                 \
        v##_store_any((to) + v##_size, second_);                                                   \
        if ((unit) > 1)                                                                            \
            v##_store_any((to) + (size)-v##_size, last_);                                          \
    } while (0)

/* Copies more than two vectors. */
APART TARGET_AVX512 void *memmove_evex(char *to, const char *from, size_t size)
{
    v64_move(to, from, size);
    return to;
}

APART TARGET_AVX2 void *memmove_avx2(char *to, const char *from, size_t size)
{
    if (rep_is_better(to, from, size))
        MOVE_BY_REP("rep movsb", 1, v32, to, from, size);
    else if (evex_is_better(to, from, size))
        return memmove_evex(to, from, size);
    else
        v32_move(to, from, size);
    return to;
}

APART void *memmove_sse2(char *to, const char *from, size_t size)
{
    if (rep_words_is_better(to, from, size))
        MOVE_BY_REP("rep movsq", 8, v16, to, from, size);
    else
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
