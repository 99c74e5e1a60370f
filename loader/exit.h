/* The way out: code that remains mapped when the tool is gone, and leads from the tool's last
 * system call to the program. */
#ifndef UEXEC_EXIT_H
#define UEXEC_EXIT_H

#include "arch.h"

struct launch;
struct self;

/* Finds `syscall; ...; ret` in the vDSO, or else in the executable segments of the program and its
 * interpreter. If that code does not clear what a system call leaves in registers (the vDSO's does
 * on a kernel with CONFIG_ZERO_CALL_USED_REGS; most have none), code that issues rt_sigreturn(2)
 * follows it; without such code, exit->restorer is empty. false: no `syscall; ...; ret`. */
bool exit_find(struct arch_exit *exit, const struct self *self, const struct launch *launch);

#endif
