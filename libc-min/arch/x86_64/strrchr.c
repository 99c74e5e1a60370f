#include "strrchr.h"
#include <string.h>

/* strrchr(), in strrchr_avx2.S, on other CPUs. */
HIDDEN char *__strrchr_no_avx2(const char *string, int byte);

char *__strrchr_no_avx2(const char *string, int byte)
{
    cpu_worked(0);
    return (char *)v16_last_in_string(string, byte);
}
