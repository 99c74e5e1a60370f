/* rt's machine-dependent parts: x86-64. */
#ifndef RT_ARCH_H
#define RT_ARCH_H

#include "base/syscall.h"

#include <elf.h>
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

/* The kinds of relocations that occur in dynamic objects, on any machine, by what each stores in
 * its place. S, A, P, B and Z are psABI 4.4's: symbol, addend, place, bias, size of the symbol. */
enum relocation_kind {
    RELOCATION_NONE,     /* nothing */
    RELOCATION_SYMBOL,   /* S + A */
    RELOCATION_GOT,      /* S + A, in the GOT; psABI: S */
    RELOCATION_SLOT,     /* S, in a slot of the PLT */
    RELOCATION_DISTANCE, /* S + A - P, signed */
    RELOCATION_SIZE,     /* Z + A */
    RELOCATION_RELATIVE, /* B + A */
    RELOCATION_IFUNC,    /* the return value of the resolver at B + A */
    RELOCATION_COPY,     /* the bytes of a library's variable */
    RELOCATION_MODULE,   /* thread-local storage: the module's number */
    RELOCATION_OFFSET,   /* ... the offset in the module's block */
    RELOCATION_STATIC,   /* ... the offset from the thread pointer */
    RELOCATION_TLSDESC,  /* ... a descriptor, of two words */
};

struct relocation_type {
    char name[10];       /* "JUMP_SLOT" */
    unsigned char kind;  /* enum relocation_kind */
    unsigned char width; /* bytes that it stores; 0 for NONE and COPY */
};

/* NULL: a type that occurs in no dynamic object. */
const struct relocation_type *arch_relocation_type(uint32_t type);

/* The name ("GOTPCREL") of a relocation type that occurs only in objects for static linking; NULL:
 * another type. */
const char *arch_relocation_static_name(uint32_t type);

/* The common types, for loops that compare numbers instead of looking up the kind, and what the
 * name of each type begins with. */
#define ARCH_RELOCATIONS "R_X86_64_"
enum {
    ARCH_RELOCATION_SYMBOL = R_X86_64_64,
    ARCH_RELOCATION_GOT = R_X86_64_GLOB_DAT,
    ARCH_RELOCATION_SLOT = R_X86_64_JUMP_SLOT,
    ARCH_RELOCATION_RELATIVE = R_X86_64_RELATIVE,
    ARCH_RELOCATION_IFUNC = R_X86_64_IRELATIVE,
};

/* Is it one of the three types that store a symbol's whole address? Nearly all that are not
 * RELATIVE are. */
static inline bool arch_relocation_binds(uint32_t type)
{
    return type == ARCH_RELOCATION_GOT || type == ARCH_RELOCATION_SLOT ||
           type == ARCH_RELOCATION_SYMBOL;
}

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
