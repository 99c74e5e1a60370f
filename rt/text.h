/* Text, and what is wrong. rt has no libc: string.c gives the few functions of <string.h> that it
 * uses (the fuzzer takes its host's). */
#ifndef RT_TEXT_H
#define RT_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A function that no run as such executes: it lies behind those that do (rules.mk). */
#define COLD __attribute__((cold, noinline, section(".text.~cold")))

/* In a file of such functions, one that every run executes. */
#define HOT __attribute__((section(".text.hot")))

/* The first thing found wrong: one line, without a newline. */
struct problem {
    char text[1024];
};

/* printf's %s %c %d %u %ld %lu %zu, %x %lx (also with # and a width of zeroes), and %%. Cuts off
 * at `room`; always ends with NUL. Returns the length of what is there. */
__attribute__((format(printf, 3, 4))) size_t text_format(char *to, size_t room, const char *format,
                                                         ...);
size_t text_vformat(char *to, size_t room, const char *format, va_list list);

/* Two texts, one behind the other: for paths, of which a part would be the name of another file.
 * false: they do not fit, and `to` is empty. */
bool text_join(char *to, size_t room, const char *first, const char *then);

/* Names come from files: what would break a line, move a cursor, or is no UTF-8 becomes '?'.
 * Returns `text`. */
char *text_printable(char *text);

enum { TEXT_BRIEF = 256 };

/* A name for a message: as it is, or its beginning and "..." in `to`. */
const char *text_brief(char to[TEXT_BRIEF], const char *name);

/* Fills *problem and is false, so that a check is one statement. Where all of it does not fit,
 * long names in it are cut, so that what is wrong with them is there. */
__attribute__((format(printf, 2, 3))) bool problem_set(struct problem *problem, const char *format,
                                                       ...);

/* Puts "WHO: " in front. false. */
bool problem_blame(struct problem *problem, const char *who);

/* Ends the process with it, and the program's name, where there is nobody to return it to. main.c.
 */
_Noreturn void problem_end(const struct problem *problem);

/* Is `word` one of a list's, separated by any of `separators`? */
bool text_list_has(const char *list, const char *separators, const char *word);

#endif
