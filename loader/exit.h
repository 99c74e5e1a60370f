/* The way out: code that stays when the tool is gone, and leads from its last system call to the
 * program. */
#ifndef UEXEC_EXIT_H
#define UEXEC_EXIT_H

#include "arch.h"

struct launch;
struct self;

/* Find it: `syscall; ...; ret` in the vDSO, else in what of the mapped program and its interpreter
 * is executable.  Where that does not clear what a system call leaves in registers (the vDSO does
 * if the kernel is built with CONFIG_ZERO_CALL_USED_REGS, most are not), code for rt_sigreturn(2)
 * is to follow: exit->restorer has none if there is none.  false: not even the first. */
bool exit_find(struct arch_exit *exit, const struct self *self, const struct launch *launch);

#endif
