/* `#!` scripts: reads the first line as the kernel does. */
#include "base/problem.h"
#include "launch.h"

#include <stdlib.h>
#include <string.h>

/* The kernel reads this many bytes of a file (BINPRM_BUF_SIZE). It cuts a longer first line there,
 * unless that would cut the interpreter's name. */
enum { LINE_LIMIT = 256 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool script_matches(const struct executable *executable)
{
    return executable->head_length >= 2 && executable->head[0] == '#' && executable->head[1] == '!';
}

/* Splits a `#!` line into the interpreter and its one argument (execve(2), "Interpreter scripts").
 * The argument is the rest of the line, with the blanks inside it. `line` has LINE_LIMIT bytes,
 * zeroes behind the file's end, and the function writes to it. false: no name, or the name may have
 * been cut. Quirks (kernel, seen by running such scripts): a line without a newline ends before the
 * last of the LINE_LIMIT bytes, and the kernel removes blanks before that end too. In a shorter
 * file, zeroes precede that end, so blanks at the end of the text stay, and a single blank is an
 * empty argument. */
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
            return false; /* the name may go on behind this byte */
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

static bool script_load(struct launch *launch, const struct executable *executable,
                        const char **next, struct problem *problem)
{
    char *line = calloc(1, LINE_LIMIT + 1);
    size_t argc = 0;
    while (launch->argv[argc] != NULL)
        argc++;
    /* interpreter, argument, script, the old argv without its first, NULL */
    char **argv = calloc(argc + 4, sizeof *argv);
    if (line == NULL || argv == NULL)
        return problem_set(problem, "no memory for %zu arguments", argc);
    memcpy(line, executable->head,
           executable->head_length < LINE_LIMIT ? executable->head_length : LINE_LIMIT);

    char *name, *argument;
    if (!split_line(line, &name, &argument))
        return problem_set(problem, "its #! line names no interpreter within %d bytes", LINE_LIMIT);
    size_t out = 0;
    argv[out++] = name;
    if (argument != NULL)
        argv[out++] = argument;
    argv[out++] = (char *)executable->path;
    for (size_t i = 1; i < argc; i++)
        argv[out++] = launch->argv[i];
    launch->argv = argv;
    *next = name;
    return true;
}

const struct format format_script = {"a #! script", script_matches, script_load};
