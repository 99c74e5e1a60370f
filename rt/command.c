/* rt as a program: `ld-uexec.so.1 ./prog`. */
#include "start.h"

#include "load.h"
#include "map.h"
#include "search.h"
#include "system.h"
#include "trace.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "Usage: ld-uexec.so.1 [OPTION]... PROGRAM [ARG]...\n"
    "Link PROGRAM with the libraries that it needs, and run it.\n\n"
    "  --list               print the libraries and where they are, as ldd does\n"
    "  --library-path=PATH  look for libraries in PATH (LD_LIBRARY_PATH)\n"
    "  --preload=LIB        link LIB first (LD_PRELOAD)\n"
    "  --bind=WHEN          when functions are bound: lazy or now (LD_BIND_NOW)\n"
    "  --trace=LIST         report steps: search,reloc,bind,tls,init,all; json for JSON\n"
    "                       lines (UEXEC_TRACE)\n"
    "  --argv0=NAME         pass NAME as argv[0]\n"
    "  --help               print this and exit\n"
    "Exit status: the program's; 127 if it or what it needs cannot be linked.\n";

static void print(int fd, const char *text)
{
    system_call(SYS_write, fd, text, strlen(text));
}

_Noreturn static void leave(int status)
{
    for (;;)
        system_call(SYS_exit_group, status);
}

_Noreturn static void misuse(const char *what, const char *value)
{
    struct problem problem;
    problem_set(&problem, "%s%s (see ld-uexec.so.1 --help)", what, value);
    system_die(problem.text);
}

/* "--name=VALUE" or "--name VALUE"; NULL: it is another option. */
static const char *option_value(const struct start *start, int *at, const char *name)
{
    const char *word = start->argv[*at];
    size_t length = strlen(name);
    if (strncmp(word, name, length) != 0)
        return NULL;
    if (word[length] == '=')
        return word + length + 1;
    if (word[length] != '\0')
        return NULL;
    if (++*at >= start->argc)
        misuse(name, " needs a value");
    return start->argv[*at];
}

/* Returns the number of words before the program's name. */
static int read_options(struct start *start)
{
    const char *value, *wrong;
    int at = 1;
    for (; at < start->argc && strncmp(start->argv[at], "--", 2) == 0; at++) {
        const char *word = start->argv[at];
        if (strcmp(word, "--") == 0) {
            at++;
            break;
        }
        if (strcmp(word, "--help") == 0) {
            print(1, usage);
            leave(0);
        } else if (strcmp(word, "--list") == 0) {
            start->list = true;
        } else if ((value = option_value(start, &at, "--library-path")) != NULL) {
            search_paths.library_path = value;
        } else if ((value = option_value(start, &at, "--preload")) != NULL) {
            start->preload = value;
        } else if ((value = option_value(start, &at, "--argv0")) != NULL) {
            start->argv0 = value;
        } else if ((value = option_value(start, &at, "--bind")) != NULL) {
            if (strcmp(value, "now") != 0 && strcmp(value, "lazy") != 0)
                misuse("--bind is lazy or now, and not ", value);
            start->bind_now = *value == 'n';
        } else if ((value = option_value(start, &at, "--trace")) != NULL) {
            if (!trace_parse(value, &wrong))
                misuse("--trace: no such step: ", wrong);
        } else {
            misuse("no such option: ", word);
        }
    }
    if (at >= start->argc)
        misuse("no program given", "");
    return at;
}

struct object *command_start(struct start *start)
{
    struct problem problem;
    struct stat status;
    int words = read_options(start);
    start_shift(start, (char *)(start->argv + words), (char *)start->argv);
    start->argc -= words;
    start->envp -= words;
    *start->stack = (uint64_t)start->argc;
    const char *name = start->argv[0];
    long fd = system_call(SYS_open, name, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0 || system_call(SYS_fstat, fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        problem_set(&problem, "%s: cannot be opened (%s)", name,
                    fd < 0 ? system_error(fd) : "not a regular file");
        system_die(problem.text);
    }
    struct object *object = object_new(name);
    if (object == NULL)
        system_die("no memory");
    struct map_head head;
    if (!map_head_read(&head, (int)fd, &problem) ||
        !object_map(object, (int)fd, &head, (uint64_t)status.st_size, true, &start->program_entry,
                    &problem)) {
        problem_blame(&problem, name);
        system_die(problem.text);
    }
    system_call(SYS_close, fd);
    object->mapped = false; /* the program stays */
    object->device = status.st_dev;
    object->inode = status.st_ino;
    search_paths.program = search_paths.program_name = object->name;
    if (start->argv0 != NULL)
        start->argv[0] = (char *)start->argv0;
    if (start->phdr != NULL)
        start->phdr->a_un.a_val = (uintptr_t)object->phdr;
    if (start->phnum != NULL)
        start->phnum->a_un.a_val = object->phnum;
    if (start->entry != NULL)
        start->entry->a_un.a_val = start->program_entry;
    if (start->execfn != NULL)
        start->execfn->a_un.a_val = (uintptr_t)object->name;
    return object;
}

void command_missing(const char *name)
{
    char line[512];
    text_format(line, sizeof line, "\t%s => not found\n", name);
    print(1, line);
}

_Noreturn void command_list(bool alone)
{
    char line[4400];
    if (alone)
        print(1, "\tstatically linked\n");
    for (const struct object *object = object_next(object_program); object != NULL && !alone;
         object = object_next(object)) {
        const char *slash = strrchr(object->name, '/');
        const char *name = object->asked_name != NULL ? object->asked_name
                           : object->soname != NULL   ? object->soname
                           : slash == NULL            ? object->name
                                                      : slash + 1;
        if (object == object_linker || slash == NULL)
            text_format(line, sizeof line, "\t%s (0x%016lx)\n", object->name, object->start);
        else
            text_format(line, sizeof line, "\t%s => %s (0x%016lx)\n", name, object->name,
                        object->start);
        print(1, line);
    }
    leave(0);
}
