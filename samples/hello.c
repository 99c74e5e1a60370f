/* hello: the least that a loader must get right.
 *
 * Before main runs, the loader maps this file and builds a stack with argc and argv on it. For the
 * dynamic kinds it also maps a linker, which finds libc and binds `printf`. One line of output and
 * exit status 0 show that all of this works.
 *
 * The name comes from argv[0], so that the line says which of the twelve kinds runs.
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
