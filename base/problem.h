/* An error: its text, and the exit status that it leads to. */
#ifndef BASE_PROBLEM_H
#define BASE_PROBLEM_H

#include <stdbool.h>

/* Exit statuses, as env(1) and the shells use them. */
enum {
    STATUS_USAGE = 125,     /* uexec itself was used wrongly, or failed */
    STATUS_UNUSABLE = 126,  /* the file exists and cannot be used */
    STATUS_NOT_FOUND = 127, /* the file does not exist */
};

/* The first error. A function that can fail fills a problem and returns false. */
struct problem {
    int status;      /* STATUS_* */
    char text[1024]; /* one line, without a newline */
};

/* Fills *problem with STATUS_UNUSABLE and a text (text_format()), made printable, and returns
 * false, so that a check is one statement: if (bad) return problem_set(problem, "what (%d)",
 * value); Where the text does not fit, long names in it are cut, so that what is wrong with them is
 * there. `problem` NULL: the caller does not ask. Cold: the compiler puts the paths that lead here
 * aside. */
__attribute__((cold, format(printf, 2, 3))) bool problem_set(struct problem *problem,
                                                             const char *format, ...);

/* The same with STATUS_USAGE, and with STATUS_NOT_FOUND. */
__attribute__((cold, format(printf, 2, 3))) bool problem_usage(struct problem *problem,
                                                               const char *format, ...);
__attribute__((cold, format(printf, 2, 3))) bool problem_not_found(struct problem *problem,
                                                                   const char *format, ...);

/* Puts "WHO: " in front of the text; `who` is cut if it does not fit. Returns false. */
__attribute__((cold)) bool problem_blame(struct problem *problem, const char *who);

/* Appends to the text; what does not fit is cut. Returns false. */
__attribute__((cold, format(printf, 2, 3))) bool problem_append(struct problem *problem,
                                                                const char *format, ...);

#ifdef __clang_analyzer__
/* clang-tidy looks at one file at a time, and does not see that these return false. */
#define problem_set(...)       (problem_set(__VA_ARGS__), false)
#define problem_usage(...)     (problem_usage(__VA_ARGS__), false)
#define problem_not_found(...) (problem_not_found(__VA_ARGS__), false)
#define problem_blame(...)     (problem_blame(__VA_ARGS__), false)
#define problem_append(...)    (problem_append(__VA_ARGS__), false)
#endif

#endif
