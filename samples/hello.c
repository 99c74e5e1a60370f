/* hello: the least that a loader must get right.
 *
 * Before main runs, someone has mapped this file, built a stack with argc and argv on it, and
 * (for the dynamic kinds) mapped a linker that found libc and bound `printf`. If one line comes
 * out and the exit status is 0, all of that has worked.
 *
 * The name is taken from argv[0], so that the line says which of the twelve kinds was run.
 */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *name = argc > 0 ? argv[0] : "hello"; /* execve may pass no argv[0] at all */
    const char *slash = strrchr(name, '/');

    printf("Hello from %s\n", slash ? slash + 1 : name);
    return 0;
}
