/* `uexec -v` without a program: in what a load would differ from execve on this machine. */
#ifndef UEXEC_ABOUT_H
#define UEXEC_ABOUT_H

#include "inspect/table.h"
#include "self.h"

/* Prints the version, the kernel, and each feature that a load needs of the kernel. It tries each
 * where possible: it maps the vDSO anew, and changes the kernel's record of this process. No
 * program can be loaded afterwards. */
void about_print(const struct table_style *style, const char *version, struct self *self);

#endif
