/* umaps: shows where everything is in a process, records how it changes, and compares. */
#include "tool.h"

#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first takes what is no command's name. */
static const struct tool_command commands[] = {
    {"", "[OPTION]... PID", "the layout of a process", show_main},
    {"record", "[OPTION]... [--] PROGRAM [ARG]...",
     "run a program, write each change of its layout", record_main},
    {"diff", "[OPTION]... A B", "compare two layouts: processes, recordings, saved layouts",
     diff_main},
    {"report", "FILE -o PAGE.html", "make a page of a recording", report_main},
    {"html", "[OPTION]... [--] PROGRAM [ARG]...", "record a program and make a page, in one step",
     html_main},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

int tool_error(int status, const char *subject, const char *format, ...)
{
    char text[2048], line[6400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (subject == NULL)
        snprintf(line, sizeof line, "umaps: %s", text);
    else
        snprintf(line, sizeof line, "umaps: %.4096s: %s", subject, text);
    fprintf(stderr, "%s\n", text_printable(line));
    return status;
}

int tool_problem(const char *subject, const struct problem *problem)
{
    return tool_error(problem->status, subject, "%s", problem->text);
}

int tool_option(int argc, char **argv, const char *letters, const struct option *options)
{
    opterr = 0;
    int before = optind == 0 ? 1 : optind;
    int option = getopt_long(argc, argv, letters, options, NULL);
    if (option == '?' || option == ':') {
        const char *word = argv[optopt == 0 || option == ':' ? optind - 1 : before];
        if (option == ':')
            tool_error(STATUS_USAGE, NULL, "%s needs a value: umaps --help lists the options",
                       word);
        else if (optopt != 0 && strncmp(word, "--", 2) != 0)
            tool_error(STATUS_USAGE, NULL, "no option -%c: umaps --help lists the options", optopt);
        else if (optopt != 0)
            tool_error(STATUS_USAGE, NULL, "%s takes no value: umaps --help lists the options",
                       word);
        else
            tool_error(STATUS_USAGE, NULL, "no option %s: umaps --help lists the options", word);
        return '?';
    }
    return option;
}

bool tool_coloring(const char *word, enum table_coloring *coloring)
{
    static const char names[][8] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(word, names[i]) == 0) {
            *coloring = (enum table_coloring)i;
            return true;
        }
    }
    tool_error(STATUS_USAGE, NULL, "--color=%s: neither auto, always nor never", word);
    return false;
}

bool tool_address(const char *text, uint64_t *address)
{
    char *end;
    errno = 0;
    if (strspn(text, "0123456789abcdefABCDEFxX") != strlen(text) || *text == '\0')
        return false;
    *address = strtoull(text, &end, 16);
    return *end == '\0' && errno == 0;
}

bool tool_pid(const char *text, pid_t *pid)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value <= 0 ||
        value > 0x7fffffff)
        return false;
    *pid = (pid_t)value;
    return true;
}

int tool_finish(int status)
{
    bool failed = ferror(stdout) != 0;
    if (fclose(stdout) != 0 || failed) {
        if (errno == EPIPE)
            return status; /* the reader has seen enough */
        return tool_error(STATUS_USAGE, NULL, "cannot write standard output (%s)", strerror(errno));
    }
    return status;
}

static int help(void)
{
    printf("umaps shows where everything is in an address space, and how it changes.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  umaps %s%s%s\n        %s\n", commands[i].name, *commands[i].name ? " " : "",
               commands[i].arguments, commands[i].what);
    printf(
        "\nOptions of umaps PID:\n"
        "      --at=ADDRESS       what is at an address: mapping, header, section, symbol\n"
        "      --kind=KIND        only code, constants, data, anonymous, heap, stack or kernel\n"
        "  -w, --writable         only what is writable\n"
        "  -x, --executable       only what is executable\n"
        "  -p, --pages            which pages are in memory, a strip for each mapping\n"
        "      --watch[=SECONDS]  again every second; changes are marked\n"
        "      --json             the same as JSON\n"
        "\nOptions of umaps record:\n"
        "  -o, --output=FILE      where the recording goes; without it, umaps.PID.jsonl\n"
        "      --kernel           the kernel starts the program, not uexec\n"
        "      --follow           child processes too\n"
        "      --trace=LIST       what rt does, too: search,reloc,bind,tls,init,dl,malloc or all\n"
        "      --resident=MS      how much is in memory, every MS milliseconds\n"
        "\nOptions of umaps html: -o PAGE.html (umaps.html), --kernel, --trace, --resident\n"
        "\nOptions of umaps diff:\n"
        "      --ignore-aslr      compare by object, not by address\n"
        "      --json             the differences as JSON\n"
        "\nOf all:  --color=auto|always|never   --help   --version\n"
        "\nExit status: 125 for wrong use, 126 if something cannot be read, 127 if it does not\n"
        "exist; of record, the program's; of diff, 1 if there are differences.\n");
    return tool_finish(0);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2)
        return tool_error(STATUS_USAGE, NULL,
                          "no process and no command: umaps PID, or umaps --help");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help();
    if (strcmp(argv[1], "--version") == 0) {
        printf("umaps %s\n", UEXEC_VERSION);
        return tool_finish(0);
    }
    for (size_t i = 1; i < COMMANDS; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return commands[0].run(argc, argv);
}
