/* POSIX: renameat(), ctermid(). */
#include "syscall.h"
#include <stdio.h>
#include <string.h>

char *ctermid(char *name)
{
    static char own[L_ctermid];

    return strcpy(name ? name : own, "/dev/tty");
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return (int)SYS(SYS_renameat, from_directory, from, to_directory, to);
}
