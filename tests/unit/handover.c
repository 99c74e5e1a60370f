/* The hand-over's steps, where memory is short. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_short; /* of memory, for the hand-over's copies */
static void *take_unless_short(size_t size)
{
    return is_short ? NULL : malloc(size);
}
#define malloc take_unless_short
#include "loader/handover.c"
#undef malloc

#include "unit.h"

/* What is in handover.S, and not run here; of self.c and arena.c. */
const unsigned char arch_handover_start[16], arch_handover_end[1];
uintptr_t reserved_start;
void *arena_code_page(void)
{
    return NULL;
}

static struct handover_page page;

/* Is the hand-over refused before it begins? */
static bool refused(void)
{
    unsigned char image[4096] = {0};
    struct stack stack = {.image = image + 2048, .sp = (uintptr_t)image + 2048, .bytes = 8};
    struct problem problem = {0, ""};
    if (!page.incomplete || handover_run(&page, &stack, 0, NULL, NULL, &problem))
        return false;
    CHECK_TEXT(problem.text, "no memory for the hand-over");
    return problem.status == STATUS_UNUSABLE;
}

static void is_no_step_that_may_fail(void)
{
    page = (struct handover_page){.incomplete = false};
    is_short = true;
    handover_step(&page, "cannot unmap\n", SYS_munmap, 0, 4096, 0, 0);
    is_short = false;
    CHECK(refused());
}

static void loses_no_line(void)
{
    page = (struct handover_page){.incomplete = false};
    is_short = true;
    handover_write(&page, 2, "line\n", 5);
    is_short = false;
    CHECK(refused());
}

static void has_its_message(void)
{
    page = (struct handover_page){.incomplete = false};
    handover_step(&page, "cannot unmap\n", SYS_munmap, 0, 4096, 0, 0);
    handover_step(&page, NULL, SYS_close, 0, 0, 0, 0);
    CHECK(!page.incomplete);
    CHECK(page.handover.step_count == 2);
    CHECK(page.steps[0].message_length == strlen("cannot unmap\n"));
    CHECK(memcmp(page.steps[0].message, "cannot unmap\n", strlen("cannot unmap\n")) == 0);
    CHECK(page.steps[1].message == NULL);
    free((void *)(uintptr_t)page.steps[0].message);
}

const struct unit_test handover_tests[] = {
    {"a step that has to succeed has its message", has_its_message},
    {"without memory for that nothing is handed over", is_no_step_that_may_fail},
    {"nor without memory for a line", loses_no_line},
    {NULL, NULL},
};
