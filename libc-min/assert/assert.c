#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* assert() of musl's <assert.h> calls it. ISO C 7.2.1.1 specifies the contents of the line. */
_Noreturn void __assert_fail(const char *expression, const char *file, int line,
                             const char *function)
{
    fprintf(stderr, "Assertion failed: %s (%s: %s: %d)\n", expression, file, function, line);
    fflush(stderr);
    abort();
}
