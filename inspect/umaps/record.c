/* umaps record: its options. */
#include "supervise.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file that execvp(3) would run: `name` itself if it has a slash, else the first of its name in
 * PATH. false: there is none. */
static bool find_program(const char *name, char path[PATH_MAX])
{
    const char *list = strchr(name, '/') != NULL ? "" : getenv("PATH");
    for (const char *at = list == NULL ? "/bin:/usr/bin" : list;;) {
        size_t length = strcspn(at, ":");
        int written =
            snprintf(path, PATH_MAX, "%.*s%s%s", (int)length, at, length == 0 ? "" : "/", name);
        if (written < PATH_MAX && access(path, X_OK) == 0)
            return true;
        if (at[length] == '\0')
            return false;
        at += length + 1;
    }
}

/* uexec beside this file, or in PATH; NULL: there is none. */
static const char *find_loader(void)
{
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - sizeof "uexec");
    char *slash = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
    if (slash != NULL) {
        strcpy(slash + 1, "uexec");
        if (access(path, X_OK) == 0)
            return path;
    }
    return find_program("uexec", path) ? path : NULL;
}

/* Is the recording's file the program? It would be emptied. */
static bool is_program(const char *output, const char *program)
{
    char path[PATH_MAX];
    struct stat there, here;
    return stat(output, &there) == 0 && find_program(program, path) && stat(path, &here) == 0 &&
           there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

enum { KERNEL = 256, FOLLOW, RESIDENT, TRACE };

/* Makes the pipe that rt writes its trace to, by a name, because uexec opens it. false: errno. */
static bool make_pipe(struct supervise_options *options)
{
    static char folder[] = "/tmp/umaps.XXXXXX", name[sizeof folder + 8];
    enum { ROOM = 1 << 20 };
    if (mkdtemp(folder) == NULL)
        return false;
    snprintf(name, sizeof name, "%s/trace", folder);
    options->pipe = name;
    if (mkfifo(name, 0600) != 0)
        return false;
    /* also for writing: without a writer, a read would be the end of the file */
    options->trace = open(name, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (options->trace >= 0)
        (void)fcntl(options->trace, F_SETPIPE_SZ, ROOM);
    return options->trace >= 0;
}

static void remove_pipe(const struct supervise_options *options)
{
    char folder[32];
    if (options->pipe == NULL)
        return;
    unlink(options->pipe);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(options->pipe, '/') - options->pipe),
             options->pipe);
    rmdir(folder);
}

static bool read_options(struct supervise_options *options, const char **output, const char **trace,
                         bool *kernel, int argc, char **argv)
{
    static const struct option list[] = {
        {"output", required_argument, NULL, 'o'},  {"kernel", no_argument, NULL, KERNEL},
        {"follow", no_argument, NULL, FOLLOW},     {"resident", required_argument, NULL, RESIDENT},
        {"trace", required_argument, NULL, TRACE}, {0},
    };
    int option;
    while ((option = tool_option(argc, argv, "+:o:", list)) != -1) {
        char *end;
        switch (option) {
        case 'o':
            *output = optarg;
            break;
        case KERNEL:
            *kernel = true;
            break;
        case TRACE:
            *trace = optarg;
            break;
        case FOLLOW:
            options->follow = true;
            break;
        case RESIDENT:
            errno = 0;
            options->resident = strtoul(optarg, &end, 10);
            if (*optarg < '0' || *optarg > '9' || *end != '\0' || errno != 0 ||
                options->resident == 0 || options->resident > 3600000) {
                tool_error(STATUS_USAGE, NULL,
                           "--resident=%s: not a number of milliseconds (1 to 3600000)", optarg);
                return false;
            }
            break;
        default:
            return false;
        }
    }
    if (optind == argc) {
        tool_error(STATUS_USAGE, NULL, "no program: umaps record [-o FILE] -- PROGRAM [ARG]...");
        return false;
    }
    return true;
}

int record_main(int argc, char **argv)
{
    struct supervise_options options = {.trace = -1};
    static struct recording recording;
    const char *output = NULL, *trace = NULL;
    bool kernel = false;
    static char name[64];
    if (!read_options(&options, &output, &trace, &kernel, argc, argv))
        return STATUS_USAGE;
    if (kernel && trace != NULL)
        return tool_error(STATUS_USAGE, NULL,
                          "--trace=%s: rt traces, which needs uexec: leave out --kernel", trace);
    if (access("/proc/self/maps", R_OK) != 0)
        return tool_error(STATUS_UNUSABLE, NULL, "there is no /proc here: umaps reads it");
    char **program = argv + optind;
    options.program = program[0];
    options.command = program;
    recording.named = output != NULL;
    if (output == NULL) {
        snprintf(name, sizeof name, "umaps.%d.jsonl", (int)getpid());
        output = name;
    }
    if (is_program(output, program[0]))
        return tool_error(STATUS_USAGE, output, "the recording would overwrite the program");
    recording.name = output;
    recording.fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);
    if (recording.fd < 0)
        return tool_error(STATUS_USAGE, output, "cannot write (%s)", strerror(errno));
    if (!kernel) {
        const char *loader = find_loader();
        if (loader == NULL)
            return tool_error(STATUS_USAGE, NULL,
                              "there is no uexec beside umaps or in PATH: --kernel does without");
        char **command = calloc((size_t)(argc - optind) + 7, sizeof *command);
        if (command == NULL)
            return tool_error(STATUS_USAGE, NULL, "no memory");
        size_t count = 0;
        options.loads = true;
        command[count++] = (char *)loader;
        if (trace != NULL) {
            if (!make_pipe(&options)) {
                remove_pipe(&options);
                return tool_error(STATUS_USAGE, NULL, "--trace: no pipe in /tmp (%s)",
                                  strerror(errno));
            }
            static char list[1024];
            snprintf(list, sizeof list, "--trace=%s", trace);
            command[count++] = list;
            command[count++] = (char *)"--json";
            command[count++] = (char *)"-o";
            command[count++] = (char *)options.pipe;
        }
        command[count++] = (char *)"--";
        memcpy(command + count, program, (size_t)(argc - optind) * sizeof *command);
        options.command = command;
    }
    recording_begin(&recording, kernel ? "kernel" : "uexec", program);
    options.finish = remove_pipe;
    return supervise(&options, &recording);
}
