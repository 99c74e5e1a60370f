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
    struct arch_gadget gadget;     /* issues the last munmap(2), and returns through the stack */
    struct arch_restorer restorer; /* then issues rt_sigreturn(2), which sets all registers; none:
                                      the gadget returns to the entry point */
};

/* Searches `length` bytes of code at `code`, which run at `address`, for a gadget, preferably a
 * clean one. Fills *found and returns true, or returns false. */
bool arch_gadget_find(const unsigned char *code, size_t length, uintptr_t address,
                      struct arch_gadget *found);

/* Searches for a restorer in the same way. `syscall` is the address of a system call instruction.
 */
bool arch_restorer_find(const unsigned char *code, size_t length, uintptr_t address,
                        uintptr_t syscall, struct arch_restorer *found);

/* The bytes below the new stack that the exit pops, at most ARCH_EXIT_MOST, and how many of them
 * are not zero. `exit` NULL: the hand-over's page stays, and returns by itself. */
size_t arch_exit_bytes(const struct arch_exit *exit);
size_t arch_exit_frame_bytes(const struct arch_exit *exit);

/* Writes these bytes to `to`: in the end the stack pointer is `sp`, the instruction pointer
 * `entry`, and the signals of `mask` are blocked (bit 0 is signal 1). */
void arch_exit_write(const struct arch_exit *exit, unsigned char *to, uintptr_t sp, uintptr_t entry,
                     uint64_t mask);

/* Fills handover->gadget, ->frame and ->frame_pointer: the exit's bytes are at `low`. */
void arch_exit_enter(const struct arch_exit *exit, uintptr_t low, struct handover *handover);

/* Is a register, by its name in inspect/, one of ARCH_LEFT_REGISTERS? */
bool arch_register_is_left(const char *name);

/* The hand-over's machine code, position independent, from _start up to _end. A copy of it runs
 * when everything else of the tool is gone. Its argument is a struct handover *, in the first
 * argument register; it uses no stack, and does not return. */
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

/* Has the kernel map a new vDSO, at execve(2)'s place for it. 0, or -errno. */
long arch_vdso_map(void);

#endif
