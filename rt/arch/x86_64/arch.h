/* rt's machine-dependent parts: x86-64. */
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

/* The name ("JUMP_SLOT") of a relocation type that occurs in dynamic objects; NULL: another type.
 */
const char *arch_relocation_name(uint32_t type);

/* The name ("GOTPCREL") of a relocation type that occurs only in objects for static linking; NULL:
 * another type. */
const char *arch_relocation_static_name(uint32_t type);

/* Where PLT0 jumps (psABI 5.2, "Procedure Linkage Table"): GOT[1] and the relocation's index are
 * on the stack. All registers are as the caller left them when the function begins, vector
 * registers of any width because nothing here touches one. resolve.S. */
void arch_resolve(void);
void arch_resolve_traced(void);

/* Calls an ifunc's resolver (psABI 4.4, R_X86_64_IRELATIVE) during a call that is being bound, and
 * restores all vector registers. ifunc.S. */
uintptr_t arch_resolver_call(uintptr_t resolver);

/* Calls a resolver during relocation. true: *choice is what it returned. false: the resolver called
 * arch_ifunc_trap() through the slot of an unresolved ifunc, and was abandoned. */
bool arch_resolver_try(uintptr_t resolver, uintptr_t *choice);
void arch_ifunc_trap(void);

/* The two functions of a TLS descriptor ("Thread-Local Storage Descriptors for IA32 and
 * AMD64/EM64T"): the descriptor's address in %rax, the answer in %rax, nothing else changed. */
void arch_tlsdesc_static(void);
void arch_tlsdesc_dynamic(void);
void arch_tlsdesc_undefined(void);

#endif
