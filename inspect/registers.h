/* A stopped process's registers, by name. arch/<machine>/registers.c. */
#ifndef INSPECT_REGISTERS_H
#define INSPECT_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { REGISTERS_MOST = 64 };

struct register_value {
    const char *name;
    uint64_t value;
};

/* The registers of a stopped tracee, from ptrace(2). */
struct registers {
    struct register_value values[REGISTERS_MOST];
    size_t count;
    uint64_t pc, sp;               /* among them, the instruction pointer and the stack pointer */
    const char *pc_name, *sp_name; /* ... under these names */
    bool vector_zero;              /* every vector register is 0 */
    const char *vector_name;
};

/* Reads the registers. Flags that the ABI leaves undefined at entry, and the tracer's own, become
 * 0. false: errno. */
bool registers_read(struct registers *registers, pid_t pid);

#endif
