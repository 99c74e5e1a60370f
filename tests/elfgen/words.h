/* words.h - a description's line as words, and words as numbers. */
#ifndef ELFGEN_WORDS_H
#define ELFGEN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image.h"

/* A word without its quotes. It may hold NULs (from \0), and is followed by one. */
struct word {
    char *text;
    size_t length; /* bytes */
};

/* Splits `line` in place at blanks; # begins a comment, "..." keeps blanks together and knows
 * \n \t \0 \\ \" \xHH. Returns how many words there are; more than `limit` stop the tool. */
size_t line_split(struct place place, char *line, struct word *words, size_t limit);

/* If `word` is KEY=VALUE, ends KEY where the = was, sets *value, and returns true. */
bool word_divide(struct word word, struct word *value);

/* Reads all of `text` as a decimal or 0x hexadecimal number below 2^64. */
bool number_parse(const char *text, uint64_t *number);

/* The same for a description's word; `what` says in the message what the number was to be. */
uint64_t word_number(struct place place, const char *what, struct word word);

/* Turns a word of hexadecimal digit pairs into bytes, in place. Stops the tool on others. */
void word_unhex(struct place place, struct word *word);

#endif
