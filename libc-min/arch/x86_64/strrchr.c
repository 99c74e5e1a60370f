#include "strrchr.h"
#include <string.h>

/* strrchr() for other CPUs than strrchr_avx2.S is for. */
HIDDEN char *__strrchr_no_avx2(const char *string, int byte);

char *__strrchr_no_avx2(const char *string, int byte)
{
    cpu_worked(0);
    return (char *)v16_last_in_string(string, byte);
}
