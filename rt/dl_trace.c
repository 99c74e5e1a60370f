#include "dl_trace.h"

#include "base/text.h"
#include "fixed.h"
#include "load.h"
#include "open.h"
#include "rules.h"
#include "trace.h"

#include <dlfcn.h>

void dl_trace(const struct dl_call *call)
{
    const char *result = call->result == NULL ? "" : call->result;
    const struct trace_field fields[] = {
        {.name = "call", .text = call->function},
        {.name = "argument", .text = call->argument},
        {.name = "argument2", .text = call->argument2 == NULL ? "" : call->argument2},
        {.name = "caller", .text = call->caller == NULL ? "" : call->caller},
        {.name = "result", .text = result},
        {.name = "value", .number = call->value, .hex = true},
    };
    char value[24] = "";
    if (call->value != 0)
        text_format(value, sizeof value, "%#lx", call->value);
    trace_line(TRACE_DL, fields, sizeof fields / sizeof *fields, "%s(%s%s%s)%s%s%s%s%s%s",
               call->function, call->argument, call->argument2 == NULL ? "" : ", ",
               call->argument2 == NULL ? "" : call->argument2, call->caller == NULL ? "" : " by ",
               call->caller == NULL ? "" : call->caller,
               call->result == NULL && call->value == 0 ? "" : ": ", value,
               call->value != 0 && result[0] != '\0' ? " in " : "", result);
}

const char *dl_trace_flags(int flags, char *text, size_t room)
{
    static const struct {
        int flag;
        char name[16];
    } names[] = {{RTLD_NOW, "RTLD_NOW"},
                 {RTLD_NOLOAD, "RTLD_NOLOAD"},
                 {OPEN_DEEPBIND, "RTLD_DEEPBIND"},
                 {RTLD_GLOBAL, "RTLD_GLOBAL"},
                 {RTLD_NODELETE, "RTLD_NODELETE"}};
    size_t length = 0;
    text[0] = '\0';
    if ((flags & RTLD_NOW) == 0)
        length = text_format(text, room, "RTLD_LAZY");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if ((flags & names[i].flag) != 0)
            length += text_format(text + length, room - length, "%s%s", length == 0 ? "" : "|",
                                  names[i].name);
    return text;
}

const char *dl_trace_caller(const void *caller)
{
    struct object *object = object_at(caller);
    return object == NULL ? NULL : object_title(object);
}

void dl_trace_close(const struct object *object)
{
    char opens[64];
    struct dl_call call = {.function = "dlclose", .argument = "no handle"};
    if (object != NULL) {
        call.argument = object_title(object);
        call.result = opens;
        if (!fixed.rules->unload)
            text_format(opens, sizeof opens, "stays, as by musl's rules all do");
        else if (object->permanent)
            text_format(opens, sizeof opens, "stays");
        else
            text_format(opens, sizeof opens, "opened %zu more times",
                        object->opened > 0 ? object->opened - 1 : 0);
    }
    dl_trace(&call);
}
