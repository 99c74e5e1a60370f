/* getopt(3) and getopt_long(3).
 *
 * Arguments that are no options are moved behind the options ("permuted"), unless the option string
 * begins with `+`, or POSIXLY_CORRECT is set. With `-`, each is returned as the argument of option
 * 1. */
#include "alias.h"
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *optarg;
int optind = 1, opterr = 1, optopt;
int __optreset;
WEAK_ALIAS(__optreset, optreset);

/* State between calls. */
static int letter_at; /* index in argv[optind] of the next letter in a cluster; 0: a new word */

static void complain(char *const argv[], const char *what, const char *option, size_t length)
{
    if (opterr)
        fprintf(stderr, "%s: %s: %.*s\n", argv[0] ? argv[0] : "", what, (int)length, option);
}

/* Takes one option letter of argv[optind]. */
static int letter_take(int argc, char *const argv[], const char *options)
{
    const char *word = argv[optind];
    char letter = word[letter_at ? letter_at : 1];
    const char *known = letter == ':' ? NULL : strchr(options, letter);
    int last;

    letter_at = letter_at ? letter_at + 1 : 2;
    last = !word[letter_at];
    optopt = (unsigned char)letter;
    if (!known) {
        if (last)
            optind++, letter_at = 0;
        if (*options != ':')
            complain(argv, "unrecognized option", &letter, 1);
        return '?';
    }
    optarg = NULL;
    if (known[1] == ':') {
        if (!last)
            optarg = (char *)word + letter_at;
        else if (known[2] != ':') {
            if (optind + 1 >= argc) {
                optind++, letter_at = 0;
                if (*options == ':')
                    return ':';
                complain(argv, "option requires an argument", &letter, 1);
                return '?';
            }
            optarg = argv[++optind];
        }
        last = 1;
    }
    if (last)
        optind++, letter_at = 0;
    return (unsigned char)letter;
}

/* The index of the long option with the name `name` (of `length`), or the only one that begins so.
 * -1: none; -2: several that differ. */
static int long_find(const struct option *longs, const char *name, size_t length)
{
    int found = -1;

    for (int i = 0; longs[i].name; i++) {
        if (strncmp(longs[i].name, name, length) != 0)
            continue;
        if (!longs[i].name[length])
            return i;
        if (found == -1)
            found = i;
        else if (found < 0 || longs[i].flag != longs[found].flag ||
                 longs[i].val != longs[found].val || longs[i].has_arg != longs[found].has_arg)
            found = -2;
    }
    return found;
}

static int long_take(int argc, char *const argv[], const char *options, const struct option *longs,
                     int *index, int dashes)
{
    const char *word = argv[optind] + dashes, *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    int quiet = *options == ':', found = long_find(longs, word, length);
    const struct option *option = &longs[found];

    if (found < 0) {
        if (dashes == 1 && strchr(options, word[0]))
            return letter_take(argc, argv, options);
        if (!quiet)
            complain(argv, found == -2 ? "option is ambiguous" : "unrecognized option", word,
                     length);
        optind++;
        optopt = 0;
        return '?';
    }
    optind++;
    optarg = NULL;
    optopt = option->val;
    if (equals && option->has_arg == no_argument) {
        if (!quiet)
            complain(argv, "option does not take an argument", word, length);
        return '?';
    }
    if (equals) {
        optarg = (char *)equals + 1;
    } else if (option->has_arg == required_argument) {
        if (optind >= argc) {
            if (quiet)
                return ':';
            complain(argv, "option requires an argument", word, length);
            return '?';
        }
        optarg = argv[optind++];
    }
    if (index)
        *index = found;
    if (option->flag) {
        *option->flag = option->val;
        return 0;
    }
    return option->val;
}

/* Takes an option at argv[optind], long or short. */
static int option_take(int argc, char *const argv[], const char *options,
                       const struct option *longs, int *index, int long_only)
{
    const char *word = argv[optind];

    if (*options == '+' || *options == '-')
        options++;
    if (longs && !letter_at) {
        if (word[1] == '-')
            return long_take(argc, argv, options, longs, index, 2);
        if (long_only && (word[2] || !strchr(options, word[1])))
            return long_take(argc, argv, options, longs, index, 1);
    }
    return letter_take(argc, argv, options);
}

static int is_option(const char *word)
{
    return word[0] == '-' && word[1];
}

/* Moves argv[from..to) in front of argv[first..from). */
static void words_move(char **argv, int first, int from, int to)
{
    for (; from < to; first++, from++) {
        char *word = argv[from];
        memmove(argv + first + 1, argv + first, (size_t)(from - first) * sizeof *argv);
        argv[first] = word;
    }
}

static int options_next(int argc, char *const argv[], const char *options,
                        const struct option *longs, int *index, int long_only, int permute)
{
    int first, from, answer;

    optarg = NULL;
    if (!optind || __optreset) {
        __optreset = 0;
        letter_at = 0;
        optind = 1;
    }
    if (optind >= argc || !argv[optind])
        return -1;
    if (letter_at)
        return option_take(argc, argv, options, longs, index, long_only);
    if (!is_option(argv[optind])) {
        if (*options == '-') {
            optarg = argv[optind++];
            return 1;
        }
        if (!permute)
            return -1;
    }
    for (first = from = optind; from < argc && argv[from] && !is_option(argv[from]); from++)
        ;
    if (from >= argc || !argv[from])
        return -1;
    optind = from;
    if (strcmp(argv[from], "--") == 0) {
        optind++;
        answer = -1;
    } else {
        answer = option_take(argc, argv, options, longs, index, long_only);
    }
    if (first < from) {
        /* Within a cluster of letters, the word is not finished, and has to move too. */
        int to = optind + (letter_at != 0);
        words_move((char **)argv, first, from, to);
        optind -= from - first;
    }
    return answer;
}

int getopt(int argc, char *const argv[], const char *options)
{
    return options_next(argc, argv, options, NULL, NULL, 0, 0);
}

static int permutes(const char *options)
{
    return *options != '+' && *options != '-' && !getenv("POSIXLY_CORRECT");
}

int getopt_long(int argc, char *const *argv, const char *options, const struct option *longs,
                int *index)
{
    return options_next(argc, argv, options, longs, index, 0, permutes(options));
}

int getopt_long_only(int argc, char *const *argv, const char *options, const struct option *longs,
                     int *index)
{
    return options_next(argc, argv, options, longs, index, 1, permutes(options));
}
