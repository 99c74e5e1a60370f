/* rt as a program: `ld-uexec.so.1 ./prog`. */
#include "base/problem.h"
#include "base/syscall.h"
#include "base/text.h"
#include "start.h"

#include "base/utf8.h"

#include "fixed.h"
#include "load.h"
#include "map.h"
#include "rules.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* One table for the parser and the help. */
enum option { LIST, LIBRARY_PATH, PRELOAD, BIND, RULES, TEXTREL, TRACE, ARGV0, HELP, OPTIONS };

static const struct {
    char name[16];
    char argument[8]; /* as the help shows it; "": none */
    const char *help;
} options[OPTIONS] = {
    [LIST] = {"list", "", "print the libraries and where they are, as ldd does"},
    [LIBRARY_PATH] = {"library-path", "PATH", "look for libraries in PATH (LD_LIBRARY_PATH)"},
    [PRELOAD] = {"preload", "LIB", "link LIB first (LD_PRELOAD)"},
    [BIND] = {"bind", "WHEN", "when functions are bound: lazy or now (LD_BIND_NOW)"},
    [RULES] = {"rules", "WHOSE", "keep the rules of musl's linker or of glibc's: musl or glibc"},
    [TEXTREL] = {"textrel", "WHAT", "text relocations (DT_TEXTREL): refuse or allow"},
    [TRACE] = {"trace", "LIST",
               "report steps: search,reloc,bind,tls,init,dl,malloc,all,json (UEXEC_TRACE)"},
    [ARGV0] = {"argv0", "NAME", "pass NAME as argv[0]"},
    [HELP] = {"help", "", "print this and exit"},
};

/* Write to standard output all of it, or end with a message. */
static void print_bytes(const char *text, size_t length)
{
    while (length > 0) {
        long written = sys_call(SYS_write, 1, text, length);
        if (written == -EINTR)
            continue;
        if (written < 0) {
            struct problem problem;
            problem_set(&problem, "cannot write to standard output (%s)", system_error(written));
            system_die(problem.text);
        }
        text += written;
        length -= (size_t)written;
    }
}

static void print(const char *text)
{
    print_bytes(text, strlen(text));
}

_Noreturn static void leave(int status)
{
    for (;;)
        sys_call(SYS_exit_group, status);
}

_Noreturn static void misuse(const char *what, const char *value)
{
    struct problem problem;
    problem_set(&problem, "%s%s (see ld-uexec.so.1 --help)", what, value);
    system_die(problem.text);
}

_Noreturn static void help(void)
{
    char line[128], left[40];
    print("Usage: ld-uexec.so.1 [OPTION]... PROGRAM [ARG]...\n"
          "Link PROGRAM with the libraries that it needs, and run it.\n\n");
    for (size_t i = 0; i < OPTIONS; i++) {
        size_t length = text_format(left, sizeof left, "  --%s%s%s", options[i].name,
                                    options[i].argument[0] != '\0' ? "=" : "", options[i].argument);
        while (length < 24)
            left[length++] = ' ';
        left[length] = '\0';
        text_format(line, sizeof line, "%s%s\n", left, options[i].help);
        print(line);
    }
    print("\nExit status: the program's; 127 if it or what it needs cannot be linked.\n");
    leave(0);
}

static void apply(struct start *start, size_t option, const char *value)
{
    const char *wrong;
    switch (option) {
    case LIST:
        start->list = true;
        break;
    case LIBRARY_PATH:
        fixed.search.library_path = value;
        break;
    case PRELOAD:
        start->preload = value;
        break;
    case BIND:
        if (strcmp(value, "now") != 0 && strcmp(value, "lazy") != 0)
            misuse("--bind is lazy or now, and not ", value);
        start->bind_now = *value == 'n';
        break;
    case RULES:
        if (!rules_named(value))
            misuse("--rules is musl or glibc, and not ", value);
        start->rules = value;
        break;
    case TEXTREL:
        if (strcmp(value, "allow") != 0 && strcmp(value, "refuse") != 0)
            misuse("--textrel is refuse or allow, and not ", value);
        fixed.text_relocations = *value == 'a';
        break;
    case TRACE:
        if (!trace_parse(value, &wrong))
            misuse("--trace: no such step: ", wrong);
        break;
    case ARGV0:
        start->argv0 = value;
        break;
    case HELP:
        help();
    default:
        break;
    }
}

/* "--name", "--name=VALUE" or "--name VALUE". Returns the number of words before the program's
 * name. */
static int read_options(struct start *start)
{
    int at = 1;
    for (; at < start->argc; at++) {
        const char *word = start->argv[at];
        if (word == NULL || word[0] != '-' || word[1] != '-')
            break;
        if (word[2] == '\0') {
            at++;
            break;
        }
        size_t length = strcspn(word + 2, "="), i = 0;
        while (i < OPTIONS && (strlen(options[i].name) != length ||
                               memcmp(options[i].name, word + 2, length) != 0))
            i++;
        if (i == OPTIONS)
            misuse("no such option: ", word);
        const char *value = word[2 + length] == '=' ? word + 3 + length : NULL;
        if (options[i].argument[0] == '\0' && value != NULL)
            misuse(word, " takes no value");
        if (options[i].argument[0] != '\0' && value == NULL) {
            if (++at >= start->argc)
                misuse(word, " needs a value");
            value = start->argv[at];
        }
        apply(start, i, value);
    }
    if (at >= start->argc)
        misuse("no program given", "");
    return at;
}

struct object *command_start(struct start *start)
{
    struct problem problem;
    struct stat status = {0};
    int words = read_options(start);
    start_shift(start, (char *)(start->argv + words), (char *)start->argv);
    start->argc -= words;
    start->envp -= words;
    *start->stack = (uint64_t)start->argc;
    const char *name = start->argv[0];
    long fd = sys_call(SYS_open, name, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0 || sys_call(SYS_fstat, fd, &status) < 0 || !S_ISREG(status.st_mode)) {
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
    sys_call(SYS_close, fd);
    object->mapped = false; /* the program stays */
    object->device = status.st_dev;
    object->inode = status.st_ino;
    fixed.search.program = fixed.search.program_name = object->name;
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

/* A name, as it may be shown. */
static void print_name(const char *name)
{
    while (*name != '\0') {
        char part[128];
        size_t length = 0;
        while (length < sizeof part - 4 && *name != '\0') {
            size_t bytes = utf8_shown(name);
            if (bytes == 0)
                part[length++] = '?';
            else
                memcpy(part + length, name, bytes);
            length += bytes;
            name += bytes == 0 ? 1 : bytes;
        }
        print_bytes(part, length);
    }
}

static bool missing; /* the program would not start */

void command_missing(const char *name)
{
    missing = true;
    print("\t");
    print_name(name);
    print(" => not found\n");
}

_Noreturn void command_list(bool alone)
{
    char address[32];
    if (alone)
        print("\tstatically linked\n");
    for (const struct object *object = object_next(fixed.program); object != NULL && !alone;
         object = object_next(object)) {
        const char *slash = strrchr(object->name, '/');
        const char *name = object->asked_name != NULL ? object->asked_name
                           : object->soname != NULL   ? object->soname
                           : slash == NULL            ? object->name
                                                      : slash + 1;
        print("\t");
        if (object != fixed.linker && slash != NULL) {
            print_name(name);
            print(" => ");
        }
        text_format(address, sizeof address, " (0x%016lx)\n", object->start);
        print_name(object->name);
        print(address);
    }
    leave(missing ? 127 : 0);
}
