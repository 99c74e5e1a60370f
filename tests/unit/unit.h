/* Tests of single functions, where nothing outside the process shows what they do. */
#ifndef UNIT_H
#define UNIT_H

#include <stdbool.h>
#include <stddef.h>

struct unit_test {
    const char *name; /* what is the case, not what is called */
    void (*run)(void);
};

/* One list for each file here; a name that is NULL ends it. */
extern const struct unit_test decode_tests[], gadget_tests[], handover_tests[], json_tests[],
    maps_tests[], message_tests[], plan_tests[], table_tests[];

/* The test fails unless the condition holds; it goes on, and says what was not so. */
#define CHECK(condition) unit_check((condition), #condition, __FILE__, __LINE__)
bool unit_check(bool condition, const char *text, const char *file, int line);

/* The same for strings, with both of them. */
#define CHECK_TEXT(got, expected) unit_check_text((got), (expected), __FILE__, __LINE__)
bool unit_check_text(const char *got, const char *expected, const char *file, int line);

#endif
