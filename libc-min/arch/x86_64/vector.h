/* Vectors of bytes: v16 with the instructions of every x86-64 CPU (SSE2), v32 with AVX2.
 *
 * The files *_vector.h are written once for both. They are included with VECTOR defined as v16 or
 * v32, and TARGET as the attribute that permits the instructions. They write V(load) for v16_load
 * or v32_load, and vector_t for the type.
 *
 * Strings are read by aligned vectors. An aligned vector with a byte of the string lies in a page
 * of the string, so bytes around the string may be read; a mask removes their results. */
#ifndef LIBC_VECTOR_H
#define LIBC_VECTOR_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE          4096
#define TARGET_AVX2   __attribute__((target("avx2,bmi,bmi2")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,bmi,bmi2")))
#define INLINE        static inline __attribute__((always_inline))
/* The rest of a function with a short path: a jump leads to it, and it has registers of its own. */
#define APART static __attribute__((noinline))

/* The shortest input costs two or three cycles, and one of them depends on the alignment of the
 * function. */
#define LINE_ALIGNED __attribute__((aligned(64)))

#define VECTOR_JOIN_(a, b) a##_##b
#define VECTOR_JOIN(a, b)  VECTOR_JOIN_(a, b)
#define V(name)            VECTOR_JOIN(VECTOR, name)
#define vector_t           V(t)

typedef __m128i v16_t;
enum { v16_size = 16 };

INLINE v16_t v16_load(const void *at)
{
    return _mm_load_si128((const __m128i *)at);
}

INLINE v16_t v16_load_any(const void *at)
{
    return _mm_loadu_si128((const __m128i_u *)at);
}

INLINE void v16_store(void *at, v16_t v)
{
    _mm_store_si128((__m128i *)at, v);
}

INLINE void v16_store_any(void *at, v16_t v)
{
    _mm_storeu_si128((__m128i_u *)at, v);
}

INLINE v16_t v16_fill(int byte)
{
    return _mm_set1_epi8((char)byte);
}

/* 0xff in each byte that is equal. */
INLINE v16_t v16_equal(v16_t a, v16_t b)
{
    return _mm_cmpeq_epi8(a, b);
}

INLINE v16_t v16_min(v16_t a, v16_t b)
{
    return _mm_min_epu8(a, b);
}

INLINE v16_t v16_or(v16_t a, v16_t b)
{
    return a | b;
}

INLINE v16_t v16_and(v16_t a, v16_t b)
{
    return a & b;
}

INLINE v16_t v16_xor(v16_t a, v16_t b)
{
    return a ^ b;
}

/* The highest bit of each byte; bit 0 is that of the lowest address. */
INLINE uint32_t v16_mask(v16_t v)
{
    return (uint32_t)_mm_movemask_epi8(v);
}

/* The mask of a vector of 0xff. */
#define v16_all 0xffffU

typedef __m256i v32_t;
enum { v32_size = 32 };

INLINE TARGET_AVX2 v32_t v32_load(const void *at)
{
    return _mm256_load_si256((const __m256i *)at);
}

INLINE TARGET_AVX2 v32_t v32_load_any(const void *at)
{
    return _mm256_loadu_si256((const __m256i_u *)at);
}

INLINE TARGET_AVX2 void v32_store(void *at, v32_t v)
{
    _mm256_store_si256((__m256i *)at, v);
}

INLINE TARGET_AVX2 void v32_store_any(void *at, v32_t v)
{
    _mm256_storeu_si256((__m256i_u *)at, v);
}

INLINE TARGET_AVX2 v32_t v32_fill(int byte)
{
    return _mm256_set1_epi8((char)byte);
}

INLINE TARGET_AVX2 v32_t v32_equal(v32_t a, v32_t b)
{
    return _mm256_cmpeq_epi8(a, b);
}

INLINE TARGET_AVX2 v32_t v32_min(v32_t a, v32_t b)
{
    return _mm256_min_epu8(a, b);
}

INLINE TARGET_AVX2 uint32_t v32_mask(v32_t v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

/* The part of AVX-512 that copies need. */
typedef __m512i v64_t;
enum { v64_size = 64 };

INLINE TARGET_AVX512 v64_t v64_load_any(const void *at)
{
    return _mm512_loadu_si512(at);
}

INLINE TARGET_AVX512 void v64_store(void *at, v64_t v)
{
    _mm512_store_si512(at, v);
}

INLINE TARGET_AVX512 void v64_store_any(void *at, v64_t v)
{
    _mm512_storeu_si512(at, v);
}

INLINE const char *align_down(const char *at, uintptr_t to)
{
    return (const char *)((uintptr_t)at & -to);
}

/* Bytes from `at` to the end of the page. */
INLINE size_t page_rest(const void *at)
{
    return PAGE - (uintptr_t)at % PAGE;
}

#endif
