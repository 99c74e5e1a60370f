/* The types behind loader/arch.h's way out, on x86-64. */
#ifndef LOADER_EXIT_CODE_H
#define LOADER_EXIT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The registers in which a system call leaves values besides its result (psABI A.2.1), and which
 * psABI 3.4.1 leaves undefined at entry. */
#define ARCH_LEFT_REGISTERS "rcx, rsi, rdi, r11"

/* `syscall`, then only instructions that clear a register, pop one or leave a frame, then `ret`. */
struct arch_gadget {
    uintptr_t address; /* of the `syscall` instruction, 0: none */
    bool clean;        /* it clears the registers in which the system call leaves values */
    size_t words;      /* 8-byte words popped before the return address */
    bool leave;        /* it starts with `leave`: the frame's address goes in %rbp */
};

/* Words for the stack that lead to rt_sigreturn(2); the first is a return address. A libc's
 * restorer (sigaction(2), SA_RESTORER) needs one word; `pop %rax; ret` needs three: its address,
 * the call's number, and the address of any `syscall`. */
struct arch_restorer {
    size_t count; /* 0: none */
    uint64_t words[3];
};

/* The most that an exit pops: the gadget's words, the restorer's, and a signal frame, bytes. */
enum { ARCH_EXIT_MOST = (16 + 3) * 8 + 304 };

#endif
