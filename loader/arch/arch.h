/* What the loader needs of a machine.  Everything that depends on the CPU is
 * behind this header; arch/<machine>/ holds the one definition of each. */
#ifndef UEXEC_ARCH_H
#define UEXEC_ARCH_H

/* Page size, bytes.  x86-64 has one base page size (psABI 3.3.4 allows larger
 * p_align, the kernel still maps by this one). */
#define ARCH_PAGE 4096ul

/* First address past user space with 47-bit addresses: the kernel's TASK_SIZE
 * for a program that never asked for more. */
#define ARCH_TASK_SIZE 0x7ffffffff000ul

/* The kernel's random offset of a stack's end from there, at the most: 2^22 pages
 * (STACK_RND_MASK), and two for what it takes off inside of a page (arch_align_stack).
 * The mmap area is further down. */
#define ARCH_STACK_RANDOM_RANGE 0x400002000ul

/* Where the kernel puts a PIE that names an interpreter: two thirds up
 * (ELF_ET_DYN_BASE); page-rounded down for the image, up for a moved break. */
#define ARCH_PIE_BASE (ARCH_TASK_SIZE / 3 * 2)

/* Bits of randomness, in pages: of mmap's base and a PIE's (vm.mmap_rnd_bits'
 * default, and the most it can be), and, in bytes, the ranges the break and the stack's fill use.
 */
#define ARCH_MMAP_RANDOM_BITS     28
#define ARCH_MMAP_RANDOM_BITS_MAX 32
#define ARCH_BRK_RANDOM_RANGE     0x40000000ul
#define ARCH_STACK_FILL_RANGE     8192ul

/* Offsets into struct handover (handover.h), for handover.S. */
#define HANDOVER_STACK_FROM   0
#define HANDOVER_STACK_TO     8
#define HANDOVER_STACK_BYTES  16
#define HANDOVER_CLEAR_FROM   24
#define HANDOVER_CLEAR_BYTES  32
#define HANDOVER_STEPS        40
#define HANDOVER_STEP_COUNT   48
#define HANDOVER_FPU          56
#define HANDOVER_LAST_ADDRESS 64
#define HANDOVER_LAST_LENGTH  72
#define HANDOVER_GADGET       80
#define HANDOVER_FRAME        88
#define HANDOVER_RBP          96

/* Offsets into struct handover_step. */
#define STEP_NUMBER         0
#define STEP_ARGUMENTS      8
#define STEP_MESSAGE        56
#define STEP_MESSAGE_LENGTH 64
#define STEP_SIZE           72

#ifndef __ASSEMBLER__

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint64_t arch_page_down(uint64_t address)
{
    return address & ~(ARCH_PAGE - 1);
}

/* The caller has checked that there is a page above. */
static inline uint64_t arch_page_up(uint64_t address)
{
    return arch_page_down(address + ARCH_PAGE - 1);
}

/* One system call without libc: the number and up to six arguments; the
 * kernel's result, -errno for a failure (syscall(2), psABI A.2.1). */
static inline long arch_syscall(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                                uint64_t e, uint64_t f)
{
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    register uint64_t r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* The kernel's struct sigaction (rt_sigaction(2)), which is not libc's. */
struct arch_sigaction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    uint64_t mask;
};
#define ARCH_SA_RESTORER 0x04000000ul

#define ARCH_MACHINE      EM_X86_64
#define ARCH_MACHINE_NAME "x86-64"

/* The base name of musl's dynamic linker, as PT_INTERP has it. */
#define ARCH_MUSL_LINKER "ld-musl-x86_64.so.1"

/* A place in executable memory that is not ours where a system call can be
 * issued and that then returns to an address we put on the stack. */
struct arch_gadget {
    uintptr_t address; /* of the `syscall` instruction, 0: none */
    size_t words;      /* 8-byte words popped before the return address */
    bool leave;        /* it starts with `leave`: the frame's address goes in %rbp */
    bool clean;        /* it clears what the system call leaves in registers */
};

/* Look for such a place, a clean one if there is any, in `length` bytes of code at `code`, which
 * run at `address`.  Pure; fills *found and returns true, or false. */
bool arch_gadget_find(const unsigned char *code, size_t length, uintptr_t address,
                      struct arch_gadget *found);

/* Words for the stack that lead to rt_sigreturn(2), issued by code that is not ours: the first is
 * returned to.  A libc's restorer (sigaction(2), SA_RESTORER) takes one word; `pop %rax; ret`
 * takes three: itself, the call's number, and the address of any `syscall`. */
struct arch_restorer {
    uint64_t words[3];
    size_t count; /* 0: none */
};

/* Look for one, in the same way.  `syscall` is the address of such an instruction. */
bool arch_restorer_find(const unsigned char *code, size_t length, uintptr_t address,
                        uintptr_t syscall, struct arch_restorer *found);

/* The part of a signal's frame that rt_sigreturn(2) reads, from the word after the restorer's
 * address: the kernel's struct ucontext (<asm/ucontext.h>, <asm/sigcontext.h>), 64-bit. */
struct arch_frame {
    uint64_t flags, link;
    uint64_t stack_address, stack_flags, stack_bytes; /* the alternate one (sigaltstack(2)) */
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip;
    uint64_t eflags;
    uint16_t cs, gs, fs, ss;
    uint64_t error, trap, old_mask, cr2;
    uint64_t fpstate; /* 0: x87 and vector registers become those of a new process */
    uint64_t reserved[8];
    uint64_t mask; /* blocked signals, bit 0 is signal 1 */
};

/* Fill it: registers as after execve, `rsp` and `rip` as given, `mask` blocked, no alternate
 * stack. */
void arch_frame_fill(struct arch_frame *frame, uintptr_t rsp, uintptr_t rip, uint64_t mask);

/* How the tool leaves: the last system call, and what follows it. */
struct arch_exit {
    struct arch_gadget gadget;     /* issues the last munmap(2) */
    struct arch_restorer restorer; /* then sets all registers; none: the gadget returns to the
                                      entry point */
};

/* The hand-over's machine code, position independent, from _start up to _end:
 * to be copied where it may run after everything else of the tool is gone.
 * It is called with a struct handover * in the first argument register, uses
 * no stack, and does not return. */
extern const unsigned char arch_handover_start[], arch_handover_end[];

/* FXRSTOR's image of the state a fresh process has (SDM vol. 1, 10.5.1). */
struct arch_fpu {
    _Alignas(16) unsigned char bytes[512];
};
void arch_fpu_initial(struct arch_fpu *fpu);

/* Keeps the tool's own C library to the registers that arch_fpu_initial() is about: wider ones
 * would be in use still when the program starts. Call it before anything else. */
void arch_registers_narrow(void);

#endif
#endif
