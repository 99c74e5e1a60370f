/* What the loader needs of a machine. arch/<machine>/ has the one definition of each: constants in
 * address_space.h, types in exit_code.h, code in *.c and *.S. */
#ifndef LOADER_ARCH_H
#define LOADER_ARCH_H

#include "address_space.h"
#include "exit_code.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct handover;

/* The kernel's struct sigaction (rt_sigaction(2)), which is not libc's. */
struct arch_sigaction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};
#define ARCH_SA_RESTORER 0x04000000ul

/* The way out: the code that issues the tool's last system call, and what follows it. Neither is
 * the tool's. */
struct arch_exit {
    struct arch_gadget gadget;     /* issues the last munmap(2), and returns by the stack */
    struct arch_restorer restorer; /* then issues rt_sigreturn(2), which sets all registers; none:
                                      the gadget returns to the entry point */
};

/* Look for a gadget, a clean one if there is any, in `length` bytes of code at `code`, which run at
 * `address`.  Pure; fills *found and returns true, or false. */
bool arch_gadget_find(const unsigned char *code, size_t length, uintptr_t address,
                      struct arch_gadget *found);

/* Look for a restorer, in the same way.  `syscall` is the address of a system call instruction. */
bool arch_restorer_find(const unsigned char *code, size_t length, uintptr_t address,
                        uintptr_t syscall, struct arch_restorer *found);

/* Bytes below the new stack that the exit pops, ARCH_EXIT_MOST at the most, and how many of them
 * are not zero then.  `exit` NULL: the hand-over's page stays, and returns by itself. */
size_t arch_exit_bytes(const struct arch_exit *exit);
size_t arch_exit_frame_bytes(const struct arch_exit *exit);

/* Write these bytes to `to`, for a stack pointer `sp` in the end, control at `entry`, and the
 * signals of `mask` blocked (bit 0 is signal 1). */
void arch_exit_write(const struct arch_exit *exit, unsigned char *to, uintptr_t sp, uintptr_t entry,
                     uint64_t mask);

/* Fill handover->gadget, ->frame and ->frame_pointer: the exit's bytes are at `low`. */
void arch_exit_enter(const struct arch_exit *exit, uintptr_t low, struct handover *handover);

/* Is a register, by its name in inspect/, one of ARCH_LEFT_REGISTERS? */
bool arch_register_is_left(const char *name);

/* The hand-over's machine code, position independent, from _start up to _end: to be copied where it
 * may run after everything else of the tool is gone.  It is called with a struct handover * in the
 * first argument register, uses no stack, and does not return. */
extern const unsigned char arch_handover_start[], arch_handover_end[];

/* The floating-point and vector state of a fresh process, as the hand-over's code loads it: the
 * FXSAVE area and the header of an XSAVE area (Intel SDM 1, 13.4). */
struct arch_fpu {
    _Alignas(64) unsigned char bytes[512 + 64];
};

/* Fills *fpu. Returns the state components that XRSTOR is to reset, as bits of XCR0: all that the
 * kernel enabled but PKRU, which execve(2) sets and uexec leaves alone. 0: the processor or the
 * kernel has no XSAVE, and FXRSTOR loads the whole state. */
uint64_t arch_fpu_initial(struct arch_fpu *fpu);

/* Keeps the tool's own C library to SSE, which saves the CPUID instructions that choose a wider
 * path: on a virtual machine, each costs more than the tool's string functions could gain. Call it
 * before anything else. */
void arch_registers_narrow(void);

/* Have the kernel map a new vDSO, where execve(2) has it.  0, or -errno. */
long arch_vdso_map(void);

#endif
