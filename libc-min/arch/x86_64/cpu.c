#include "cpu.h"
#include <cpuid.h>
#include <stdint.h>

/* With SSE2 a byte costs about 0.02 ns more than with AVX2, in the first cache; CPUID and XGETBV
 * cost about 12 us. Detection after half of the break-even work never loses more than detection at
 * once, or no detection, would lose. */
#define WORTH_KNOWING (256UL << 10)

/* XCR0: registers that the kernel saves (Intel SDM volume 1, 13.3). */
#define XCR0_AVX    0x06U /* xmm, ymm */
#define XCR0_AVX512 0xe0U /* masks, upper halves of zmm0-15, zmm16-31 */

/* Bits of leaf 7 that gcc's header does not name. */
#define EBX_ERMS (1U << 9)
#define EDX_FSRM (1U << 4)

unsigned __cpu_features;

/* Reads leaf 1; the caller has checked that the leaf exists. */
static uint32_t registers_saved(void)
{
    uint32_t eax, ebx, ecx, edx, low, high;

    __cpuid(1, eax, ebx, ecx, edx);
    if (!(ecx & bit_OSXSAVE) || !(ecx & bit_AVX))
        return 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static unsigned detect(void)
{
    uint32_t eax, ebx, ecx, edx, last_leaf, vendor, saved;
    unsigned found = CPU_KNOWN;

    __cpuid(0, last_leaf, vendor, ecx, edx);
    if (last_leaf < 7)
        return found;
    saved = registers_saved();
    __cpuid_count(7, 0, eax, ebx, ecx, edx);
    if ((ebx & EBX_ERMS) && (edx & EDX_FSRM))
        found |= CPU_REP;
    /* An Intel CPU copies byte by byte at so short a distance ("Avoid short distance REP MOVSB").
     */
    if (vendor == signature_AMD_ebx)
        found |= CPU_REP_NEAR;
    if ((saved & XCR0_AVX) != XCR0_AVX)
        return found;
    if (!(ebx & bit_AVX2) || !(ebx & bit_BMI) || !(ebx & bit_BMI2))
        return found;
    found |= CPU_AVX2;
    if ((saved & XCR0_AVX512) == XCR0_AVX512 && (ebx & bit_AVX512F) && (ebx & bit_AVX512VL) &&
        (ebx & bit_AVX512BW))
        found |= CPU_EVEX;
    return found;
}

/* Bytes that several threads count at once may be lost, which does no harm. */
void __cpu_consider(size_t bytes)
{
    static size_t total;
    size_t sum = __atomic_load_n(&total, __ATOMIC_RELAXED) + bytes / 2 + 32;

    __atomic_store_n(&total, sum, __ATOMIC_RELAXED);
    if (sum > WORTH_KNOWING || bytes > WORTH_KNOWING)
        __atomic_store_n(&__cpu_features, detect(), __ATOMIC_RELAXED);
}
