#include "inspect/registers.h"

#include <sys/ptrace.h>
#include <sys/user.h>

/* EFLAGS that psABI 3.4.1 leaves undefined at entry: CF, PF, AF, ZF, SF, OF. */
#define ARITHMETIC_FLAGS 0x8d5ull

/* EFLAGS: the trap flag is the tracer's own. */
#define TRAP_FLAG 0x100ull

bool registers_read(struct registers *registers, pid_t pid)
{
    struct user_regs_struct r;
    struct user_fpregs_struct f;
    if (ptrace(PTRACE_GETREGS, pid, NULL, &r) != 0 || ptrace(PTRACE_GETFPREGS, pid, NULL, &f) != 0)
        return false;
    *registers = (struct registers){
        .values =
            {
                {"rip", r.rip},
                {"rsp", r.rsp},
                {"rax", r.rax},
                {"rbx", r.rbx},
                {"rcx", r.rcx},
                {"rdx", r.rdx},
                {"rsi", r.rsi},
                {"rdi", r.rdi},
                {"rbp", r.rbp},
                {"r8", r.r8},
                {"r9", r.r9},
                {"r10", r.r10},
                {"r11", r.r11},
                {"r12", r.r12},
                {"r13", r.r13},
                {"r14", r.r14},
                {"r15", r.r15},
                {"cs", r.cs},
                {"ss", r.ss},
                {"ds", r.ds},
                {"es", r.es},
                {"fs", r.fs},
                {"gs", r.gs},
                {"fs_base", r.fs_base},
                {"gs_base", r.gs_base},
                {"mxcsr", f.mxcsr},
                {"x87 control", f.cwd},
                {"x87 tags", f.ftw},
                /* bit 1 is 1 in every CPU (SDM vol. 1, 3.4.3), but execve before Linux 6.9 stops
                 * with 0 there */
                {"flags", (r.eflags | 2) & ~(ARITHMETIC_FLAGS | TRAP_FLAG)},
            },
        .pc = r.rip,
        .sp = r.rsp,
        .pc_name = "rip",
        .sp_name = "rsp",
        .vector_name = "xmm",
    };
    while (registers->values[registers->count].name != NULL)
        registers->count++;
    uint64_t set = 0;
    for (size_t i = 0; i < sizeof f.xmm_space / sizeof *f.xmm_space; i++)
        set |= f.xmm_space[i];
    registers->vector_zero = set == 0;
    return true;
}
