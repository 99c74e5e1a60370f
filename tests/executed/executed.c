/* Prints which places of a file a command executes: for each instruction, once, its offset in the
 * file. The command's output goes to /dev/null; it is stepped by ptrace(2). Status 77:
 * this system does not permit that.
 *
 *   executed FILE COMMAND [ARGUMENT]... */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 2, NOT_PERMITTED = 77, PAGE = 4096 };

static _Noreturn void die(int status, const char *what)
{
    fprintf(stderr, "executed: %s: %s\n", what, strerror(errno));
    exit(status);
}

/* The offset in `file` of the page at `address`; -1: it is not the file's. */
static int64_t page_offset(pid_t pid, uintptr_t address, const char *file)
{
    char name[64], line[PATH_MAX + 200];
    int64_t found = -1;
    snprintf(name, sizeof name, "/proc/%d/maps", pid);
    FILE *maps = fopen(name, "re");
    if (maps == NULL)
        die(FAILED, name);
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t start, end;
        uint64_t offset;
        int path = 0;
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %" SCNx64 " %*s %*s %n", &start, &end,
                   &offset, &path) == 3 &&
            address >= start && address < end && strcmp(line + path, file) == 0)
            found = (int64_t)(address - start + offset);
    }
    fclose(maps);
    return found;
}

static pid_t start(char **command)
{
    pid_t pid = fork();
    if (pid < 0)
        die(FAILED, "fork");
    if (pid > 0)
        return pid;
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0)
        _exit(NOT_PERMITTED);
    execv(command[0], command);
    _exit(FAILED);
}

int main(int argc, char **argv)
{
    char file[PATH_MAX];
    struct stat status;
    if (argc < 3 || realpath(argv[1], file) == NULL || stat(file, &status) != 0)
        die(FAILED, argc < 3 ? "FILE COMMAND..." : argv[1]);
    size_t size = ((size_t)status.st_size + PAGE - 1) / PAGE * PAGE;
    unsigned char *executed = calloc(1, size);
    if (executed == NULL)
        die(FAILED, "calloc");
    pid_t pid = start(argv + 2);
    uintptr_t page = 1;
    int64_t offset = -1;
    int how;
    while (waitpid(pid, &how, 0) == pid && WIFSTOPPED(how)) {
        struct user_regs_struct registers;
        int signal = WSTOPSIG(how) == SIGTRAP ? 0 : WSTOPSIG(how);
        if (ptrace(PTRACE_GETREGS, pid, 0, &registers) != 0)
            die(FAILED, "PTRACE_GETREGS");
        uintptr_t at = registers.rip;
        if (page != at / PAGE * PAGE) {
            page = at / PAGE * PAGE;
            offset = page_offset(pid, page, file);
        }
        if (offset >= 0 && (size_t)offset + PAGE <= size)
            executed[(size_t)offset + at % PAGE] = 1;
        if (ptrace(PTRACE_SINGLESTEP, pid, 0, signal) != 0)
            break; /* it has been killed: waitpid() says so */
    }
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) {
        fprintf(stderr, "executed: the command ends with wait status %#x\n", (unsigned)how);
        return WIFEXITED(how) ? WEXITSTATUS(how) : FAILED;
    }
    for (size_t i = 0; i < size; i++)
        if (executed[i] != 0)
            printf("%zu\n", i);
    free(executed);
    return 0;
}
