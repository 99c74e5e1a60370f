/* Runs a command with a library preloaded: timed LIBRARY COMMAND [ARGUMENT]... Prints `MILLISECONDS
 * KIB`, its time and the most memory that it had resident. Its output goes to /dev/null. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage usage;
    int status;

    if (argc < 3) {
        fprintf(stderr, "timed: LIBRARY COMMAND [ARGUMENT]...\n");
        return 2;
    }
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        setenv("LD_PRELOAD", argv[1], 1);
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "timed: %s: failed\n", argv[2]);
        return 1;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.2f %ld\n",
           (double)(end.tv_sec - start.tv_sec) * 1e3 + (double)(end.tv_nsec - start.tv_nsec) / 1e6,
           usage.ru_maxrss);
    return 0;
}
