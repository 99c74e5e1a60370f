/* getpagesize(2). */
#include "process.h"
#include <unistd.h>

int getpagesize(void)
{
    return (int)__process.page;
}
