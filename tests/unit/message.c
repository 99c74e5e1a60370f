/* Messages are one line, whatever is in them. */
#include "loader/message.h"

#include "base/problem.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* What message() writes to standard error, in text[]. */
static char text[16384];
static size_t capture(const char *subject, const char *what)
{
    int ends[2];
    if (pipe(ends) != 0)
        abort();
    int saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    message(subject, "%s", what);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    size_t length = 0;
    for (ssize_t got; (got = read(ends[0], text + length, sizeof text - 1 - length)) > 0;)
        length += (size_t)got;
    close(ends[0]);
    text[length] = '\0';
    return length;
}

static void names_its_subject(void)
{
    capture("./a", "is wrong (0x1)");
    CHECK_TEXT(text, "uexec: ./a: is wrong (0x1)\n");
    capture(NULL, "no program");
    CHECK_TEXT(text, "uexec: no program\n");
}

static void hides_control_characters(void)
{
    capture("a\nb\033[1m", "c\r\td\x7f");
    CHECK_TEXT(text, "uexec: a?b?[1m: c??d?\n");
    /* C1 as UTF-8, and where the terminal is of 8 bits */
    capture("a\xc2\x9b"
            "2J",
            "\xc2\x80\xc2\x9f\x9b\x80\x9f.");
    CHECK_TEXT(text, "uexec: a??2J: ???????.\n");
    /* what is no UTF-8: alone, cut off, too long, a surrogate */
    capture("\xff.\xc3", "\xe2\x82 \xc1\x9b \xed\xa0\x9b");
    CHECK_TEXT(text, "uexec: ?.?: ?? ?? ???\n");
    /* UTF-8 is left as it is, with bytes that alone would be C1 */
    capture("\xc3\xa9\xc3\x9b", "\xe2\x82\x9b\xf0\x9f\x98\x80");
    CHECK_TEXT(text, "uexec: \xc3\xa9\xc3\x9b: \xe2\x82\x9b\xf0\x9f\x98\x80\n");
}

/* Too long is cut, and is a line with its newline all the same. */
static void cuts_what_is_long(void)
{
    static char subject[10000], what[10000];
    memset(subject, 's', sizeof subject - 1);
    memset(what, 'w', sizeof what - 1);
    size_t length = capture(subject, what);
    CHECK(length > 4096 && length < sizeof text - 1);
    CHECK(strchr(text, '\n') == text + length - 1);
    CHECK(strspn(text + 7, "s") == 4096);
}

static void fills_a_problem(void)
{
    static char what[5000];
    struct problem problem = {0};
    memset(what, 'w', sizeof what - 1);
    CHECK(!problem_not_found(&problem, "a\nb %d", 1));
    CHECK_TEXT(problem.text, "a?b 1");
    CHECK(problem.status == 127);
    /* what does not fit is cut where it is a name, and said to be */
    CHECK(!problem_set(&problem, "%s is wrong", what));
    CHECK(strlen(problem.text) < 300 && strspn(problem.text, "w") > 200);
    CHECK_TEXT(strchr(problem.text, '.'), "... is wrong");
}

const struct unit_test message_tests[] = {
    {"the program's name stands before what is wrong", names_its_subject},
    {"control characters are not passed on", hides_control_characters},
    {"what is too long is cut", cuts_what_is_long},
    {"a problem is one line too", fills_a_problem},
    {NULL, NULL},
};
