/* `#!` scripts, the second format: read the first line as the kernel does. */
#include "base/problem.h"
#include "launch.h"

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
 * `line` holds LINE_LIMIT bytes, zeroes after the file's end, and is written
 * to.  false: there is no name, or it may have been cut.
 *
 * Quirks (kernel, seen by running such scripts): a line without a newline ends
 * before the last of the LINE_LIMIT bytes, and blanks are taken off that end
 * too; so in a shorter file, where zeroes come before it, they are not, and a
 * blank with no more behind it makes an empty argument. */
static bool split_line(char *line, char **name, char **argument)
{
    char *last = line + LINE_LIMIT - 1;
    char *end = memchr(line, '\n', LINE_LIMIT);
    char *at = line + 2;
    while (at < last && is_blank(*at))
        at++;
    if (end == NULL) {
        char *stop = at;
        while (stop <= last && *stop != '\0' && !is_blank(*stop))
            stop++;
        if (stop > last)
            return false; /* nothing says that the name ends here */
        end = last;
    }
    while (end > line + 2 && is_blank(end[-1]))
        end--;
    *end = '\0';
    if (at >= end || *at == '\0')
        return false;
    *name = at;
    while (*at != '\0' && !is_blank(*at))
        at++;
    *argument = NULL;
    if (*at == '\0')
        return true;
    *at++ = '\0';
    while (at < end && is_blank(*at))
        at++;
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
        return problem_set(problem, "no memory for %zu arguments", argc);
    memcpy(line, candidate->head,
           candidate->head_length < LINE_LIMIT ? candidate->head_length : LINE_LIMIT);

    char *name, *argument;
    if (!split_line(line, &name, &argument))
        return problem_set(problem, "its #! line names no interpreter within %d bytes", LINE_LIMIT);
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

const struct format format_script = {"a #! script", script_matches, script_load};
