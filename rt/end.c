#include "end.h"

#include "base/problem.h"
#include "base/text.h"
#include "fixed.h"
#include "object.h"
#include "system.h"

#include <string.h>

_Noreturn void problem_end(const struct problem *problem)
{
    static __attribute__((section(".bss.~line"))) char line[sizeof problem->text + TEXT_BRIEF + 2];
    static __attribute__((section(".bss.~line"))) char brief[TEXT_BRIEF];
    const char *program = fixed.program->name;
    size_t length = strlen(program);
    /* the message begins with the program's name, as the shells' do, and once only */
    if (strncmp(problem->text, program, length) == 0 && problem->text[length] == ':')
        system_die(problem->text);
    text_format(line, sizeof line, "%s: %s", text_brief(brief, program), problem->text);
    system_die(line);
}
