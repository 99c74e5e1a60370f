/* unit [LIST]: run the lists of tests, or one; TAP on standard output, status 1 if one fails. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    const struct unit_test *tests;
} lists[] = {
    {"decode", decode_tests}, {"gadget", gadget_tests}, {"handover", handover_tests},
    {"json", json_tests},     {"maps", maps_tests},     {"message", message_tests},
    {"plan", plan_tests},     {"table", table_tests},
};

static bool failed; /* something in the test that runs */

bool unit_check(bool condition, const char *text, const char *file, int line)
{
    if (!condition) {
        printf("# %s:%d: %s\n", file, line, text);
        failed = true;
    }
    return condition;
}

bool unit_check_text(const char *got, const char *expected, const char *file, int line)
{
    if (strcmp(got, expected) == 0)
        return true;
    printf("# %s:%d: \"%s\" and not \"%s\"\n", file, line, got, expected);
    failed = true;
    return false;
}

int main(int argc, char **argv)
{
    int count = 0, failures = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (argc > 1 && strcmp(argv[1], lists[i].name) != 0)
            continue;
        for (const struct unit_test *test = lists[i].tests; test->name != NULL; test++) {
            failed = false;
            test->run();
            failures += failed;
            printf("%s %d - %s: %s\n", failed ? "not ok" : "ok", ++count, lists[i].name,
                   test->name);
            fflush(stdout);
        }
    }
    printf("1..%d\n", count);
    return failures == 0 && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
