/* `#!` scripts, the second format: read the first line as the kernel does. */
#include "launch.h"
#include "message.h"

#include <stdlib.h>
#include <string.h>

/* The kernel looks at this much of a file (BINPRM_BUF_SIZE); a first line that
 * is longer is cut there, unless that would cut the interpreter's name. */
enum { LINE_LIMIT = 256 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool script_matches(const struct candidate *candidate)
{
    return candidate->head_length >= 2 && candidate->head[0] == '#' && candidate->head[1] == '!';
}

/* The interpreter and the one argument of a `#!` line (execve(2), "Interpreter
 * scripts"): the argument is the rest of the line, blanks inside it kept.
 * `line` holds LINE_LIMIT bytes and a NUL, and is written to.  false: there is
 * no name, or it may have been cut. */
static bool split_line(char *line, char **name, char **argument)
{
    char *end = memchr(line, '\n', LINE_LIMIT);
    bool cut = end == NULL && strlen(line) >= LINE_LIMIT - 1;
    if (end == NULL)
        end = line + strnlen(line, LINE_LIMIT - 1);
    *end = '\0';
    char *at = line + 2;
    while (is_blank(*at))
        at++;
    *name = at;
    while (*at != '\0' && !is_blank(*at))
        at++;
    if (at == *name || (cut && *at == '\0'))
        return false;
    *argument = NULL;
    if (*at == '\0')
        return true;
    *at++ = '\0';
    while (is_blank(*at))
        at++;
    size_t length = strlen(at);
    while (length > 0 && is_blank(at[length - 1]))
        at[--length] = '\0';
    if (length > 0)
        *argument = at;
    return true;
}

static bool script_load(struct launch *launch, const struct candidate *candidate, const char **next,
                        struct problem *problem)
{
    char *line = calloc(1, LINE_LIMIT + 1);
    size_t argc = 0;
    while (launch->argv[argc] != NULL)
        argc++;
    /* interpreter, argument, script, the old argv but its first, NULL */
    char **argv = calloc(argc + 4, sizeof *argv);
    if (line == NULL || argv == NULL)
        return problem_set(problem, STATUS_UNUSABLE, "no memory for %zu arguments", argc);
    memcpy(line, candidate->head,
           candidate->head_length < LINE_LIMIT ? candidate->head_length : LINE_LIMIT);

    char *name, *argument;
    if (!split_line(line, &name, &argument))
        return problem_set(problem, STATUS_UNUSABLE,
                           "its #! line names no interpreter within %d bytes", LINE_LIMIT);
    size_t out = 0;
    argv[out++] = name;
    if (argument != NULL)
        argv[out++] = argument;
    argv[out++] = (char *)candidate->path;
    for (size_t i = 1; i < argc; i++)
        argv[out++] = launch->argv[i];
    launch->argv = argv;
    *next = name;
    return true;
}

const struct format format_script = {"#! script", script_matches, script_load};
