/* The probe: prints everything that a process can see of itself, one `item: value` line each.
 *
 * It looks before any C library has run: its entry point is probe_start (entry.S), which keeps the
 * registers as they are, has probe_look() write the whole report into memory, and only then goes
 * on to the C library's _start. In a program with a dynamic linker that linker has run by then; the
 * kinds without one see the process exactly as execve, or uexec, made it.
 *
 * Rules for all code that runs before _start:
 *  - no call into libc, not even one that the compiler inserts (memcpy, memset): a static glibc
 *    reaches those through slots that its start code has still to fill;
 *  - no pointers in initialised data: a static PIE has not relocated itself yet;
 *  - nothing below the stack pointer of the entry is written, because that is looked at.
 *
 * How values are written: what depends on where things were put is an `@` and a hexadecimal number,
 * so that the tests can blank it where addresses are random; anything else is decimal, 0x... or
 * text. */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* What entry.S saves. */
struct probe_entry {
    uint64_t general[16]; /* rax rbx rcx rdx rsi rdi rbp rsp r8 ... r15 */
    uint64_t flags;       /* rflags */
    uint64_t segments[6]; /* cs ss ds es fs gs */
    uint64_t xsave_mask;  /* the state components that are in `state`; 0: no xsave, fxsave's */
};
enum { ENTRY_RDX = 3, ENTRY_RSP = 7, ENTRY_STATE_BYTES = 4096 };

extern struct probe_entry probe_entry;
extern unsigned char probe_entry_state[ENTRY_STATE_BYTES]; /* an XSAVE area, standard format */

/* The program's entry point; its own ELF header, end of file data, end. */
extern const char probe_start[], __ehdr_start[], __bss_start[], _end[];

/* The initial stack, and where the process's other things are; filled by look_start(). */
struct ground {
    const uint64_t *sp;              /* argc is there (psABI 3.4.1) */
    const uint64_t *auxv;            /* pairs (type, value) up to type 0 */
    const uint64_t *auxv_end;        /* past the pair of type 0 */
    uint64_t stack_start, stack_end; /* the [stack] mapping */
    uint64_t tail;                   /* bytes that were not zero in the page where .bss begins */
    bool fresh;                      /* no dynamic linker ran: the state is what the loader left */
};
extern struct ground ground;

void look_start(void);
uint64_t auxv_value(uint64_t type); /* 0 if there is none */

/* One per subject, in the report's order. */
void look_registers(void); /* registers.c */
void look_maps(void);      /* maps.c: mappings, before anything changes them */
void look_memory(void);    /* memory.c: contents of memory, and how it can grow */
void look_stack(void);     /* stack.c: argc, argv, envp, auxv, strings */
void look_vdso(void);      /* vdso.c */
void look_proc(void);      /* proc.c: what /proc/self says */
void look_task(void);      /* task.c: prctl, thread, children, limits, timers */
void look_signals(void);   /* task.c */
void look_files(void);     /* files.c */

/* After the C library has started (vdso.c). */
void look_vdso_through_libc(void);

#pragma GCC visibility pop

#endif
