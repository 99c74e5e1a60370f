/* getenv setenv putenv unsetenv clearenv: POSIX, getenv(3). */
#include "check.h"
#include <errno.h>

extern char **environ;

static void changes(void)
{
    char own[] = "OWN=1";

    CHECK(getenv("NOT_THERE") == NULL);
    CHECK_IS(setenv("ONE", "first", 0), 0);
    CHECK_TEXT(getenv("ONE"), "first");
    CHECK_IS(setenv("ONE", "second", 0), 0);
    CHECK_TEXT(getenv("ONE"), "first");
    CHECK_IS(setenv("ONE", "second", 1), 0);
    CHECK_TEXT(getenv("ONE"), "second");
    CHECK(getenv("ON") == NULL);
    CHECK(getenv("ONE=") == NULL);
    CHECK_IS(setenv("EMPTY", "", 1), 0);
    CHECK_TEXT(getenv("EMPTY"), "");
    CHECK_IS(putenv(own), 0);
    own[4] = '2'; /* POSIX: the string itself becomes part of the environment */
    CHECK_TEXT(getenv("OWN"), "2");
    CHECK_IS(unsetenv("ONE"), 0);
    CHECK(getenv("ONE") == NULL);
    CHECK_IS(unsetenv("ONE"), 0);
}

static void refusals(void)
{
    errno = 0;
    CHECK_IS(setenv("", "x", 1), -1);
    CHECK_IS(errno, EINVAL);
    errno = 0;
    CHECK_IS(setenv("A=B", "x", 1), -1);
    CHECK_IS(errno, EINVAL);
    errno = 0;
    CHECK_IS(unsetenv("A=B"), -1);
    CHECK_IS(errno, EINVAL);
}

/* More than once round what is allocated at a time; every one is still there. */
static void many(void)
{
    char name[32], value[32];

    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 500; i++) {
            snprintf(name, sizeof name, "MANY_%d", i);
            snprintf(value, sizeof value, "%d", i * 7 + round);
            CHECK_IS(setenv(name, value, 1), 0);
        }
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "MANY_%d", i);
        snprintf(value, sizeof value, "%d", i * 7 + 2);
        CHECK_TEXT(getenv(name), value);
    }
    for (int i = 0; i < 500; i += 2) {
        snprintf(name, sizeof name, "MANY_%d", i);
        CHECK_IS(unsetenv(name), 0);
    }
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "MANY_%d", i);
        CHECK_IS(getenv(name) != NULL, i % 2);
    }
}

/* A program may put an array of its own in the place of environ. */
static void own_array(void)
{
    static char first[] = "A=1", second[] = "B=2";
    char *array[] = {first, second, NULL};

    environ = array;
    CHECK_TEXT(getenv("B"), "2");
    CHECK_IS(setenv("C", "3", 1), 0);
    CHECK_TEXT(getenv("A"), "1");
    CHECK_TEXT(getenv("C"), "3");
    CHECK(array[2] == NULL);
    CHECK_IS(clearenv(), 0);
    CHECK(getenv("A") == NULL);
    CHECK_IS(setenv("D", "4", 1), 0);
    CHECK_TEXT(getenv("D"), "4");
}

int main(void)
{
    changes();
    refusals();
    many();
    own_array();
    return check_end();
}
