#include "launch.h"

#include "base/problem.h"
#include "base/text.h"
#include "message.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* May the file be executed? 0, or an errno. The function does not find out whether the file is open
 * for writing, which execve refuses (ETXTBSY): Linux 6.14 has a call for it (AT_EXECVE_CHECK),
 * which takes 12 us, a seventh of a whole execve. */
static int check_executable(int fd, const char *path)
{
    if (syscall(SYS_faccessat2, fd, "", X_OK, AT_EACCESS | AT_EMPTY_PATH) == 0)
        return 0;
    /* Linux before 5.8 lacks the call; a sandbox that does not know it refuses it */
    if (errno != ENOSYS && errno != EPERM)
        return errno;
    return access(path, X_OK) == 0 ? 0 : errno;
}

static bool not_executable(int fd, int error, const struct stat *status, struct problem *problem)
{
    struct statvfs filesystem;
    if (error == EACCES && fstatvfs(fd, &filesystem) == 0 && (filesystem.f_flag & ST_NOEXEC) != 0)
        return problem_set(problem, "is on a file system mounted noexec");
    if (error == EACCES)
        return problem_set(problem, "may not be executed (mode %04o)", status->st_mode & 07777u);
    return problem_set(problem, "may not be executed (%s)", message_errno(error));
}

static const char *kind_of_file(mode_t mode)
{
    return S_ISDIR(mode)    ? "a directory"
           : S_ISFIFO(mode) ? "a FIFO"
           : S_ISCHR(mode)  ? "a character device"
           : S_ISBLK(mode)  ? "a block device"
           : S_ISSOCK(mode) ? "a socket"
                            : "not a regular file";
}

/* Opens the file for reading if execve would execute it. */
static bool open_executable(struct executable *executable, struct problem *problem)
{
    const char *path = executable->path;
    int *fd = &executable->fd;
    struct stat status;
    /* other kinds of file are not opened: that would release a FIFO's writer, or wind a tape */
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return problem_set(problem, "is %s", kind_of_file(status.st_mode));
    /* O_NONBLOCK: the file may have become a FIFO */
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0) {
        int error = errno;
        if (error == ENOENT || error == ENOTDIR)
            return problem_not_found(problem, "not found (%s)", message_errno(error));
        if (error == EACCES && access(path, X_OK) == 0)
            return problem_set(problem,
                               "may be executed but not read, and uexec maps what it can read");
        return problem_set(problem, "cannot be opened (%s)", message_errno(error));
    }
    if (fstat(*fd, &status) != 0)
        return problem_set(problem, "cannot be examined (%s)", message_errno(errno));
    if (!S_ISREG(status.st_mode))
        return problem_set(problem, "is %s", kind_of_file(status.st_mode));
    int error = check_executable(*fd, path);
    if (error != 0)
        return not_executable(*fd, error, &status, problem);
    executable->size = (uint64_t)status.st_size;
    executable->device = status.st_dev;
    executable->inode = status.st_ino;
    executable->mode = status.st_mode;
    return true;
}

/* Reads the start of the file; zeroes follow its end. */
static bool read_head(struct executable *executable, char *head, struct problem *problem)
{
    ssize_t got;
    do
        got = pread(executable->fd, head, IMAGE_HEAD, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return problem_set(problem, "cannot be read (%s)", message_errno(errno));
    executable->head = head;
    executable->head_length = (size_t)got;
    return true;
}

bool launch_blame(const char *path, struct problem *problem)
{
    char who[sizeof "interpreter \\r" + PATH_MAX];
    /* a script whose lines end with CR LF: the message shows the CR */
    size_t length = strcspn(path, "\r");
    text_format(who, sizeof who, "interpreter %.*s%s", (int)length, path,
                path[length] == '\0' ? "" : "\\r");
    problem_blame(problem, who);
    problem->status = STATUS_UNUSABLE;
    return false;
}

static void add_file(struct launch *launch, const struct executable *executable, const char *format)
{
    size_t i = launch->file_count++;
    launch->files[i].path = executable->path;
    launch->files[i].format = format;
    launch->files[i].device = executable->device;
    launch->files[i].inode = executable->inode;
}

static bool open_interpreter(struct launch *launch, const char *path, struct problem *problem)
{
    struct image *image = &launch->interpreter;
    struct executable executable = {.path = path};
    char *head = calloc(1, IMAGE_HEAD);
    if (head == NULL)
        return problem_set(problem, "no memory");
    if (!open_executable(&executable, problem) || !read_head(&executable, head, problem))
        return launch_blame(path, problem);
    *image = (struct image){.name = path, .fd = executable.fd, .file_size = executable.size};
    if (!image_open(image, head, executable.head_length, IMAGE_INTERPRETER, problem))
        return launch_blame(path, problem);
    launch->has_interpreter = true;
    add_file(launch, &executable, "its interpreter");
    return true;
}

static bool elf_matches(const struct executable *executable)
{
    (void)executable;
    return true; /* the last format takes every file; image_read() reports one that is not ELF */
}

static bool elf_load(struct launch *launch, const struct executable *executable, const char **next,
                     struct problem *problem)
{
    struct image *image = &launch->program;
    *next = NULL;
    launch->mode = executable->mode;
    *image = (struct image){.name = executable->path,
                            .fd = executable->fd,
                            .file_size = executable->size};
    return image_open(image, executable->head, executable->head_length, IMAGE_PROGRAM, problem);
}

static const struct format format_elf = {"an ELF image", elf_matches, elf_load};

enum { FORMATS = 2 };
static const struct format *const formats[FORMATS] = {&format_script, &format_elf};

static const char *environment_value(char **envp, const char *name)
{
    size_t length = strlen(name);
    for (; *envp != NULL; envp++) {
        if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
            return *envp + length + 1;
    }
    return NULL;
}

/* Finds the first file in PATH that may be executed, as shells do. If PATH has only files that may
 * not be executed, the first of these is the result, and opening it reports why. (execvp(3) tries
 * to execute each file, and so skips a script without its interpreter.) */
static const char *search_path(const char *name, char **envp, struct problem *problem)
{
    const char *path = environment_value(envp, "PATH");
    if (path == NULL)
        path = "/bin:/usr/bin";
    size_t name_length = strlen(name);
    if (name_length == 0) {
        problem_not_found(problem, "not found (an empty name)");
        return NULL;
    }
    char *executable = malloc(strlen(path) + name_length + 2);
    char *refused = NULL;
    if (executable == NULL) {
        problem_usage(problem, "no memory for a name of %zu bytes", name_length);
        return NULL;
    }
    for (const char *part = path;; part++) {
        size_t length = strcspn(part, ":");
        memcpy(executable, part, length);
        if (length > 0)
            executable[length++] = '/';
        memcpy(executable + length, name, name_length + 1);
        struct stat status;
        errno = 0;
        bool there = stat(executable, &status) == 0 && S_ISREG(status.st_mode);
        if (there && access(executable, X_OK) == 0)
            return executable;
        /* the file exists, or its directory may not be searched */
        if (refused == NULL && (there || errno == EACCES))
            refused = strdup(executable);
        part += strcspn(part, ":");
        if (*part == '\0')
            break;
    }
    if (refused != NULL)
        return refused; /* opening it reports why it may not be executed */
    problem_not_found(problem, "not found in PATH");
    return NULL;
}

/* Opens one file and has its format load it. *next: the file that a script names; NULL: none. */
static bool load_file(struct launch *launch, struct executable *executable, const char **next,
                      struct problem *problem)
{
    char *head = calloc(1, IMAGE_HEAD);
    if (head == NULL)
        return problem_set(problem, "no memory");
    if (!open_executable(executable, problem) || !read_head(executable, head, problem))
        return false;
    const struct format *format = &format_elf;
    for (size_t i = FORMATS; i-- > 0;) {
        if (formats[i]->matches(executable))
            format = formats[i];
    }
    add_file(launch, executable, format->name);
    return format->load(launch, executable, next, problem);
}

/* Follows `#!` lines from the file that the user named to an ELF image. */
static bool load_program(struct launch *launch, struct problem *problem)
{
    const char *next = launch->execfn;
    for (int depth = 0; next != NULL; depth++) {
        struct executable executable = {.path = next};
        if (depth == LAUNCH_FILES)
            return problem_set(problem, "too many #! scripts naming each other (%d at the most)",
                               LAUNCH_FILES - 1);
        if (!load_file(launch, &executable, &next, problem))
            return depth == 0 ? false : launch_blame(executable.path, problem);
        if (next != NULL)
            close(executable.fd);
    }
    return true;
}

/* Chooses the linker of a dynamic program, and opens its image. */
static bool load_linker(struct launch *launch, const struct command *command,
                        struct problem *problem)
{
    const char *interpreter = launch->program.interpreter;
    struct linker linker;
    bool forced = command->linker == LINKER_RT || command->linker == LINKER_PATH;
    if (interpreter == NULL && forced)
        return problem_usage(problem, "a static program: --linker=%s has nothing to link",
                             command->linker == LINKER_RT ? "rt" : command->linker_path);
    if (interpreter == NULL)
        return true;
    if (!linker_choose(&linker, command, interpreter, problem))
        return false;
    launch->has_rt = linker.is_rt;
    launch->tool = linker.tool;
    launch->lazy = linker.lazy;
    launch->rt_missing = linker.missing;
    if (open_interpreter(launch, linker.path, problem))
        return true;
    return linker.missing == NULL ? false : problem_append(problem, "; and %s", linker.missing);
}

bool launch_open(struct launch *launch, const struct command *command, struct problem *problem)
{
    *launch =
        (struct launch){.asked_argv = command->argv, .argv = command->argv, .envp = command->envp};
    launch->execfn = strchr(command->program, '/') != NULL
                         ? command->program
                         : search_path(command->program, command->envp, problem);
    return launch->execfn != NULL && load_program(launch, problem) &&
           load_linker(launch, command, problem);
}
