/* What of rt depends on the processor: x86-64. */
#ifndef RT_ARCH_H
#define RT_ARCH_H

#include "base/syscall.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The thread pointer: psABI 3.4.6, %fs:0 holds its own address. */
static inline void *arch_thread_pointer(void)
{
    void *pointer;

    __asm__ volatile("mov %%fs:0, %0" : "=r"(pointer));
    return pointer;
}

/* arch_prctl(2), ARCH_SET_FS. */
static inline void arch_thread_pointer_set(void *pointer)
{
    sys_call(SYS_arch_prctl, 0x1002, pointer);
}

static inline void arch_pause(void)
{
    __builtin_ia32_pause();
}

/* "JUMP_SLOT" of a type that dynamic objects have; NULL: not one of those. */
const char *arch_relocation_name(uint32_t type);

/* "GOTPCREL" of a type that only objects for static linking have; NULL: not one of those. */
const char *arch_relocation_static_name(uint32_t type);

/* Where PLT0 jumps (psABI 5.2, "Procedure Linkage Table"): GOT[1] and the relocation's index are
 * on the stack. All registers are as the caller left them when the function begins, vector
 * registers of any width because nothing here touches one. resolve.S. */
void arch_resolve(void);
void arch_resolve_traced(void);

/* Calls an indirect function's resolver (psABI 4.4, R_X86_64_IRELATIVE) from within a function
 * call that is being bound: what the resolver does to vector registers is undone. ifunc.S. */
uintptr_t arch_resolver_call(uintptr_t resolver);

/* Calls a resolver when objects are being relocated. false: it has called arch_ifunc_trap(), by
 * a slot whose own function is not chosen yet, and has been left; else its choice. */
bool arch_resolver_try(uintptr_t resolver, uintptr_t *choice);
void arch_ifunc_trap(void);

/* The two functions of a TLS descriptor ("Thread-Local Storage Descriptors for IA32 and
 * AMD64/EM64T"): the descriptor's address in %rax, the answer in %rax, nothing else changed. */
void arch_tlsdesc_static(void);
void arch_tlsdesc_dynamic(void);
void arch_tlsdesc_undefined(void);

#endif
