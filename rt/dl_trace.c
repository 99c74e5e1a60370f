#include "dl_trace.h"

#include "base/text.h"
#include "fixed.h"
#include "load.h"
#include "open.h"
#include "rules.h"
#include "trace.h"

#include <dlfcn.h>
#include <string.h>

/* Writes the result in words: an address, an object, an error. */
static void put_result(char *text, size_t room, const struct dl_call *call)
{
    text[0] = '\0';
    if (call->error != NULL)
        text_format(text, room, ": %s", call->error);
    else if (call->stays != NULL && strcmp(call->stays, "rules") == 0)
        text_format(text, room, ": stays, as by musl's rules all do");
    else if (call->stays != NULL && strcmp(call->stays, "permanent") == 0)
        text_format(text, room, ": stays");
    else if (strcmp(call->function, "dlclose") == 0)
        text_format(text, room, ": opened %zu more times", call->opens);
    else if (call->address != 0)
        text_format(text, room, ": %#lx in %s", call->address, call->object);
    else if (call->object != NULL)
        text_format(text, room, ": %s", call->object);
}

void dl_trace(const struct dl_call *call)
{
    char result[sizeof(struct problem)];
    const struct trace_field fields[] = {
        FIELD_TEXT("call", call->function),       FIELD_TEXT("argument", call->argument),
        FIELD_TEXT("argument2", call->argument2), FIELD_TEXT("caller", call->caller),
        FIELD_TEXT("object", call->object),       FIELD_TEXT("error", call->error),
        FIELD_ADDRESS("address", call->address),  FIELD_TEXT("stays", call->stays),
        FIELD_NUMBER("opens", call->opens),
    };
    put_result(result, sizeof result, call);
    trace_line(TRACE_DL, call->event, fields, sizeof fields / sizeof *fields, "%s(%s%s%s)%s%s%s",
               call->function, call->argument, call->argument2 == NULL ? "" : ", ",
               call->argument2 == NULL ? "" : call->argument2, call->caller == NULL ? "" : " by ",
               call->caller == NULL ? "" : call->caller, result);
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
    struct dl_call call = {.event = "call", .function = "dlclose", .argument = "no handle"};
    if (object == NULL) {
        call.error = "no handle";
    } else {
        call.argument = call.object = object_title(object);
        call.opens = object->opened > 0 ? object->opened - 1 : 0;
        call.stays = !fixed.rules->unload ? "rules"
                     : object->permanent  ? "permanent"
                     : call.opens > 0     ? "open"
                                          : NULL;
    }
    dl_trace(&call);
}
