/* getopt getopt_long getopt_long_only: POSIX 12.2, getopt(3). */
#include "check.h"
#include <getopt.h>

static const struct option longs[] = {
    {"alpha", no_argument, NULL, 'a'},     {"beta", required_argument, NULL, 'b'},
    {"gamma", optional_argument, NULL, 3}, {"alphabet", no_argument, NULL, 4},
    {"big", no_argument, NULL, 5},         {0},
};

/* What a command line comes to: options as `c(argument)`, then `|` and the rest. */
static char *parse(const char *line, const char *options, int how)
{
    static char out[512], words[512];
    char *argv[32] = {"prog"};
    int argc = 1, got, at = 0;

    strcpy(words, line);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    optind = 0;
    opterr = 0;
    for (;;) {
        got = how == 0   ? getopt(argc, argv, options)
              : how == 1 ? getopt_long(argc, argv, options, longs, NULL)
                         : getopt_long_only(argc, argv, options, longs, NULL);
        if (got == -1)
            break;
        if (got < 10)
            at += sprintf(out + at, "%d", got);
        else
            at += sprintf(out + at, "%c", got);
        if (got == '?' || got == ':')
            at += sprintf(out + at, "%c", optopt > 32 ? optopt : '-');
        else if (optarg)
            at += sprintf(out + at, "(%s)", optarg);
        at += sprintf(out + at, " ");
        optarg = NULL;
    }
    at += sprintf(out + at, "|");
    for (int i = optind; i < argc; i++)
        at += sprintf(out + at, " %s", argv[i]);
    return out;
}

int main(void)
{
    CHECK_TEXT(parse("-a -b x y -a", "+ab:", 0), "a b(x) | y -a");
    CHECK_TEXT(parse("-abx -- -a", "+ab:", 0), "a b(x) | -a");
    CHECK_TEXT(parse("-ac - z", "+abc", 0), "a c | - z");
    CHECK_TEXT(parse("-q -b", "+ab:", 0), "?q ?b |");
    CHECK_TEXT(parse("-q -b", ":ab:", 0), "?q :b |");
    CHECK_TEXT(parse("--alpha --beta=5 --beta 6 rest", "ab:", 1), "a b(5) b(6) | rest");
    CHECK_TEXT(parse("x --alpha y -b z -- w -a", "ab:", 1), "a b(z) | x y w -a");
    CHECK_TEXT(parse("x --alpha y", "+ab:", 1), "| x --alpha y");
    CHECK_TEXT(parse("x -a y", "-ab:", 1), "1(x) a 1(y) |");
    CHECK_TEXT(parse("--gamma --gamma=7", "a", 1), "3 3(7) |");
    CHECK_TEXT(parse("--bet 1 --gam", "a", 1), "b(1) 3 |");
    CHECK_TEXT(parse("--alph", "a", 1), "?- |"); /* ambiguous */
    CHECK_TEXT(parse("--alpha", "a", 1), "a |"); /* exact */
    CHECK_TEXT(parse("--nothing x", "a", 1), "?- | x");
    CHECK_TEXT(parse("--beta", ":a", 1), ":b |");
    CHECK_TEXT(parse("--alpha=1", "a", 1), "?a |");
    CHECK_TEXT(parse("x -ab y -a", "ab", 1), "a b a | x y");
    CHECK_TEXT(parse("-big -b3 -alpha", "b:", 2), "5 b(3) a |");
    return check_end();
}
