#include "options.h"

#include "base/problem.h"
#include "base/text.h"
#include "handoff.h"
#include "trace.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The values that an option may have. */
enum value {
    VALUE_NONE,
    VALUE_TEXT,
    VALUE_LINKER,
    VALUE_ONE_OF,
    VALUE_TRACE,
    VALUE_COLOR,
    VALUE_ENV
};

/* Long options without a letter are numbered from here. */
enum { LONG_ONLY = 256 };

#define FIELD(name) offsetof(struct options, name)

/* The parser and the help text come from this table. tests/build.bats compares the manual page and
 * the completions with the help. */
static const struct option_row {
    short letter;         /* or LONG_ONLY + a number */
    char name[16];        /* arrays, because relocation writes every pointer at every start */
    char argument[12];    /* as in the help; "": none */
    unsigned char value;  /* enum value */
    unsigned short field; /* a bool's for VALUE_NONE, a const char *'s for VALUE_TEXT */
    char values[44];      /* the allowed values of VALUE_ONE_OF and its like, separated by commas */
    char help[76];        /* "": the help does not show the option */
} rows[] = {
    {'m', "maps", "", VALUE_NONE, FIELD(maps), "",
     "print the layout at hand-over, or when rt has linked, then run"},
    {'n', "dry-run", "", VALUE_NONE, FIELD(dry_run), "", "print the plan and run nothing"},
    {'c', "compare", "", VALUE_NONE, FIELD(compare), "",
     "compare the layout with execve's, and run nothing"},
    {'l', "linker", "WHO", VALUE_LINKER, 0, "",
     "who links a dynamic program: auto, rt, interp or a PATH"},
    {'b', "bind", "WHEN", VALUE_ONE_OF, FIELD(bind), "lazy,now",
     "when functions are bound: lazy or now"},
    {LONG_ONLY + 8, "rules", "WHOSE", VALUE_ONE_OF, FIELD(rules), "musl,glibc",
     "keep the rules of another linker than the program names: musl or glibc"},
    {LONG_ONLY + 9, "textrel", "WHAT", VALUE_ONE_OF, FIELD(textrel), "refuse,allow",
     "relocations in a program's code: refuse or allow"},
    {'t', "trace", "LIST", VALUE_TRACE, 0, "",
     "report steps: load,search,reloc,bind,tls,init,dl,malloc,all"},
    {'a', "argv0", "NAME", VALUE_TEXT, FIELD(argv0), "", "pass NAME as argv[0]"},
    {'E', "env", "NAME=VALUE", VALUE_ENV, 0, "", "set a variable of the program's environment"},
    {LONG_ONLY, "preload", "LIB", VALUE_TEXT, FIELD(preload), "", "link LIB first (LD_PRELOAD)"},
    {LONG_ONLY + 1, "library-path", "PATH", VALUE_TEXT, FIELD(library_path), "",
     "look for libraries in PATH (LD_LIBRARY_PATH)"},
    {LONG_ONLY + 2, "no-aslr", "", VALUE_NONE, FIELD(no_aslr), "",
     "use the addresses that setarch -R gives"},
    {LONG_ONLY + 3, "stop", "", VALUE_NONE, FIELD(stop), "",
     "stop before the first instruction, for a debugger"},
    {LONG_ONLY + 4, "json", "", VALUE_NONE, FIELD(json), "", "print reports as JSON"},
    {'o', "output", "FILE", VALUE_TEXT, FIELD(output), "",
     "print reports to FILE; - is standard output"},
    {LONG_ONLY + 5, "color", "WHEN", VALUE_COLOR, 0, "auto,always,never",
     "colour reports: auto, always or never"},
    {'v', "verbose", "", VALUE_NONE, FIELD(verbose), "",
     "say where the load differs from execve's (alone: would differ)"},
    {LONG_ONLY + 6, "help", "", VALUE_NONE, FIELD(help), "", "print this and exit"},
    {LONG_ONLY + 7, "version", "", VALUE_NONE, FIELD(version), "", "print the version and exit"},
    {LONG_ONLY + 10, HANDOFF_AGAIN_NAME, "FD", VALUE_TEXT, FIELD(own_interpreter), "", ""},
};

enum { ROWS = sizeof rows / sizeof *rows };

__attribute__((cold)) static bool unknown_value(const struct option_row *row, const char *value,
                                                const char *values, struct problem *problem)
{
    return problem_usage(problem, "--%s: '%s' is not one of %s", row->name, value, values);
}

/* `wrong`: the word, to the next comma or the end. */
__attribute__((cold)) static bool unknown_step(const struct option_row *row, const char *wrong,
                                               struct problem *problem)
{
    char word[32], values[80] = "";
    text_format(word, sizeof word, "%.*s", (int)strcspn(wrong, ","), wrong);
    for (size_t i = 0; i < TRACE_STEPS; i++)
        strcat(strcat(values, trace_step_names[i]), ",");
    return unknown_value(row, word, strcat(values, "all"), problem);
}

static bool parse_trace(struct options *options, const struct option_row *row, const char *list,
                        struct problem *problem)
{
    const char *wrong;
    options->trace |= trace_steps_read(list, "all", &wrong);
    if (wrong != NULL)
        return unknown_step(row, wrong, problem);
    for (size_t i = 0; i < TRACE_STEPS && options->trace_linker == NULL; i++) {
        if ((TRACE_LINKER >> i & 1) != 0 && text_list_has(list, ",", trace_step_names[i]))
            options->trace_linker = trace_step_names[i];
    }
    return true;
}

static bool parse_color(struct options *options, const struct option_row *row, const char *value,
                        struct problem *problem)
{
    static const char names[][8] = {
        [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0) {
            options->color = (enum table_coloring)i;
            return true;
        }
    }
    return unknown_value(row, value, row->values, problem);
}

static bool parse_linker(struct options *options, const char *value, struct problem *problem)
{
    static const char names[][8] = {
        [LINKER_AUTO] = "auto", [LINKER_RT] = "rt", [LINKER_INTERP] = "interp"};
    options->linker_path = value;
    options->linker = LINKER_PATH;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0)
            options->linker = (enum linker_choice)i;
    }
    if (options->linker == LINKER_PATH && strchr(value, '/') == NULL)
        return problem_usage(problem, "--linker: '%s' is not one of auto, rt, interp, and no path",
                             value);
    return true;
}

static bool parse_value(struct options *options, const struct option_row *row, char *value,
                        struct problem *problem)
{
    const char **text = (const char **)((char *)options + row->field);
    switch (row->value) {
    case VALUE_NONE:
        *((bool *)options + row->field) = true;
        return true;
    case VALUE_TEXT:
        *text = value;
        return true;
    case VALUE_LINKER:
        return parse_linker(options, value, problem);
    case VALUE_ONE_OF:
        *text = value;
        return text_list_has(row->values, ",", value) ||
               unknown_value(row, value, row->values, problem);
    case VALUE_TRACE:
        return parse_trace(options, row, value, problem);
    case VALUE_COLOR:
        return parse_color(options, row, value, problem);
    case VALUE_ENV:
        if (strchr(value, '=') == NULL || *value == '=')
            return problem_usage(problem, "--env: '%s' is not NAME=VALUE", value);
        options->environment[options->environment_count++] = value;
        return true;
    }
    return false;
}

/* The table in the form that getopt_long() takes. */
static void describe(struct option *longs, char *letters)
{
    *letters++ = '+'; /* stop at the program's name */
    *letters++ = ':'; /* the `:` tells a missing value from an unknown option */
    for (size_t i = 0; i < ROWS; i++) {
        bool takes = rows[i].value != VALUE_NONE;
        longs[i] = (struct option){rows[i].name, takes ? required_argument : no_argument, NULL,
                                   rows[i].letter};
        if (rows[i].letter < LONG_ONLY) {
            *letters++ = (char)rows[i].letter;
            if (takes)
                *letters++ = ':';
        }
    }
    longs[ROWS] = (struct option){0};
    *letters = '\0';
}

/* The option that getopt_long() refused, as the user wrote it: the last word that it consumed.
 * (musl's counts one too far if the value of a letter is missing at the end.) */
static bool refused(int result, int argc, char **argv, struct problem *problem)
{
    const char *reason = result == ':' ? "needs a value" : "is not an option";
    const char *word = argv[optind - 1 < argc ? optind - 1 : argc - 1];
    if (optopt > 0 && optopt < LONG_ONLY && strncmp(word, "--", 2) != 0)
        return problem_usage(problem, "'-%c' %s (see uexec --help)", optopt, reason);
    if (optopt != 0 && result == '?')
        reason = "takes no value";
    return problem_usage(problem, "'%s' %s (see uexec --help)", word, reason);
}

bool options_parse(struct options *options, int argc, char **argv, struct problem *problem)
{
    struct option longs[ROWS + 1];
    char letters[2 * ROWS + 3];
    *options = (struct options){0};
    options->environment = calloc((size_t)argc + 1, sizeof *options->environment);
    if (options->environment == NULL)
        return problem_usage(problem, "no memory for %d arguments", argc);
    describe(longs, letters);
    opterr = 0;
    for (int got; (got = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        size_t i = 0;
        while (i < ROWS && rows[i].letter != got)
            i++;
        if (i == ROWS)
            return refused(got, argc, argv, problem);
        if (!parse_value(options, &rows[i], optarg, problem))
            return false;
    }
    options->program = argv + optind;
    if (options->own_interpreter != NULL)
        options->linker = LINKER_INTERP;
    bool reports = options->dry_run || options->maps || options->compare || options->trace != 0;
    options->about = options->verbose && *options->program == NULL && !reports && !options->stop &&
                     !options->json && options->output == NULL;
    if (options->help || options->version || options->about)
        return true;
    if (*options->program == NULL)
        return problem_usage(problem, "no program given (see uexec --help)");
    if (options->dry_run + options->maps + options->compare > 1)
        return problem_usage(problem, "only one of --maps, --dry-run and --compare at a time");
    if (options->compare && (options->linker == LINKER_RT || options->linker == LINKER_PATH))
        return problem_usage(problem, "--compare is with execve, which takes no --linker");
    if (options->compare && options->trace_linker != NULL)
        return problem_usage(problem, "--trace=%s: --compare ends before anything is linked",
                             options->trace_linker);
    if (options->stop && (options->dry_run || options->compare))
        return problem_usage(problem,
                             "--stop is for a program that runs: not with --dry-run or --compare");
    if (options->output != NULL && !reports)
        return problem_usage(problem,
                             "--output needs a report: --maps, --dry-run, --compare or --trace");
    if (options->json && !reports)
        return problem_usage(problem,
                             "--json needs a report: --maps, --dry-run, --compare or --trace");
    return true;
}

__attribute__((cold)) void options_help(const struct table_style *style)
{
    static const char *const paragraphs[] = {
        "Reports go to standard error, or to FILE; input and output are the program's. Where none "
        "runs (--dry-run, --compare) they go to standard output.",
        "rt, this project's linker, links programs of musl's unless --linker says otherwise; it "
        "alone reports the steps after load.",
        "Exit status: the program's; 127 if it is not found, 126 if it cannot be run, 125 for a "
        "wrong use of uexec; --compare: 0 if nothing differs that has no known reason, 1 if "
        "something does.",
    };
    enum { HELP_COLUMN = 29 };
    fprintf(style->out, "Usage: uexec [OPTION]... [--] PROGRAM [ARG]...\n");
    table_wrap(style, 0,
               "Run PROGRAM as execve(2) would, in this process, without the kernel's loader.");
    fprintf(style->out, "\n");
    for (size_t i = 0; i < ROWS; i++) {
        char left[64], letter[8] = "    ";
        if (rows[i].help[0] == '\0')
            continue;
        if (rows[i].letter < LONG_ONLY)
            snprintf(letter, sizeof letter, "-%c, ", rows[i].letter);
        snprintf(left, sizeof left, "%s--%s%s%s", letter, rows[i].name,
                 rows[i].argument[0] != '\0' ? "=" : "", rows[i].argument);
        fprintf(style->out, "  %-26s ", left);
        table_wrap(style, HELP_COLUMN, rows[i].help);
    }
    fprintf(style->out, "\n");
    for (size_t i = 0; i < sizeof paragraphs / sizeof *paragraphs; i++)
        table_wrap(style, 0, paragraphs[i]);
}

/* Sets NAME=VALUE in a vector with room for one more. `text` NULL removes the name. */
static void set_variable(char **vector, const char *name, size_t name_length, char *text)
{
    char **at = vector;
    while (*at != NULL && (strncmp(*at, name, name_length) != 0 || (*at)[name_length] != '='))
        at++;
    bool last = *at == NULL;
    if (text != NULL) {
        *at = text;
        if (last)
            at[1] = NULL;
        return;
    }
    for (; *at != NULL; at++)
        at[0] = at[1];
}

static bool set_option(char **vector, const char *name, const char *value)
{
    if (value == NULL)
        return true;
    size_t length = strlen(name);
    char *text = malloc(length + strlen(value) + 2);
    if (text == NULL)
        return false;
    strcpy(text, name);
    text[length] = '=';
    strcpy(text + length + 1, value);
    set_variable(vector, name, length, text);
    return true;
}

__attribute__((cold)) char **options_argv(const struct options *options)
{
    size_t count = 0;
    while (options->program[count] != NULL)
        count++;
    char **argv = calloc(count + 1, sizeof *argv);
    if (argv == NULL)
        return NULL;
    memcpy(argv, options->program, count * sizeof *argv);
    argv[0] = (char *)options->argv0;
    return argv;
}

char **options_environment(const struct options *options, char **envp)
{
    size_t count = 0;
    while (envp[count] != NULL)
        count++;
    bool changes = options->environment_count > 0 || options->bind != NULL ||
                   options->preload != NULL || options->library_path != NULL;
    if (!changes)
        return envp;
    char **vector = calloc(count + options->environment_count + 4, sizeof *vector);
    if (vector == NULL)
        return NULL;
    memcpy(vector, envp, count * sizeof *vector);
    for (size_t i = 0; i < options->environment_count; i++) {
        char *text = options->environment[i];
        set_variable(vector, text, strcspn(text, "="), text);
    }
    bool now = options->bind != NULL && strcmp(options->bind, "now") == 0;
    if (options->bind != NULL && !now)
        set_variable(vector, "LD_BIND_NOW", strlen("LD_BIND_NOW"), NULL);
    if (!set_option(vector, "LD_BIND_NOW", now ? "1" : NULL) ||
        !set_option(vector, "LD_PRELOAD", options->preload) ||
        !set_option(vector, "LD_LIBRARY_PATH", options->library_path))
        return NULL;
    return vector;
}
