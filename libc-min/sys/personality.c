/* personality(2). */
#include "syscall.h"
#include <sys/personality.h>

int personality(unsigned long persona)
{
    return (int)SYS(SYS_personality, persona);
}
