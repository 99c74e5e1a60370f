/* Registers of the tool and of a new process. */
#include "loader/arch.h"

#include "base/syscall.h"
#include "base/text.h"

#include <cpuid.h>
#include <string.h>

#ifndef ARCH_MAP_VDSO_64
#define ARCH_MAP_VDSO_64 0x2003 /* arch_prctl(2), <asm/prctl.h> */
#endif

/* What libc-min's string functions know about the CPU (libc-min/arch/x86_64/cpu.h); bit 0 set: the
 * CPU has been asked. musl's libc, without AVX code, lacks the variable. */
extern unsigned __cpu_features __attribute__((weak));

void arch_registers_narrow(void)
{
    if (&__cpu_features != NULL)
        __cpu_features = 1;
}

/* Bits of XCR0 and of XSTATE_BV (Intel SDM 1, 13.1). */
#define COMPONENT_PKRU (UINT64_C(1) << 9)

/* XCR0, or 0 if there is no XGETBV instruction to read it. */
static uint64_t components_enabled(void)
{
    unsigned a, b, c, d, low, high;
    /* every x86-64 has leaf 1; __get_cpuid() would ask for leaf 0 too, some microseconds in a
     * virtual machine */
    __cpuid(1, a, b, c, d);
    if ((c & bit_OSXSAVE) == 0)
        return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

/* XSTATE_BV stays 0 in the header: XRSTOR then puts each component into its initial configuration
 * and takes no more than MXCSR from memory (Intel SDM 1, 13.8). FXRSTOR would load the same values;
 * but some processors then report the x87 state as in use (XINUSE), which is not so after execve.
 */
uint64_t arch_fpu_initial(struct arch_fpu *fpu)
{
    static const uint16_t control = 0x037f; /* x87: all exceptions masked, 64-bit mantissa */
    static const uint32_t mxcsr = 0x1f80;   /* SSE: all exceptions masked, nearest */
    memset(fpu, 0, sizeof *fpu);
    memcpy(fpu->bytes, &control, sizeof control);
    memcpy(fpu->bytes + 24, &mxcsr, sizeof mxcsr);
    return components_enabled() & ~COMPONENT_PKRU;
}

bool arch_register_is_left(const char *name)
{
    return text_list_has(ARCH_LEFT_REGISTERS, ", ", name);
}

long arch_vdso_map(void)
{
    return sys_call(SYS_arch_prctl, ARCH_MAP_VDSO_64, 0);
}
