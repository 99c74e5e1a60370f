/* `uexec -v` without a program: what of a load would differ from execve's on this machine. */
#ifndef UEXEC_ABOUT_H
#define UEXEC_ABOUT_H

#include "inspect/table.h"
#include "self.h"

/* Print version, kernel, and each thing that a load asks of the kernel, by trying it where
 * possible: the vDSO is mapped anew, and the kernel's record of this process is the tool's no
 * longer.  Nothing can be loaded after it. */
void about_print(const struct table_style *style, const char *version, struct self *self);

#endif
