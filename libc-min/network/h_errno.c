/* h_errno(3), one for each thread; the main thread's is the variable of that name. */
#include "thread.h"
#include <netdb.h>
#include <stdio.h>

#undef h_errno
int h_errno;

int *__h_errno_location(void)
{
    struct __pthread *self = thread_self();

    return self->map ? &self->host_error : &h_errno;
}

const char *hstrerror(int error)
{
    switch (error) {
    case HOST_NOT_FOUND:
        return "No such host";
    case TRY_AGAIN:
        return "No answer for the time being";
    case NO_RECOVERY:
        return "The name server cannot answer";
    case NO_DATA:
        return "The host has no address";
    default:
        return "Unknown error";
    }
}

void herror(const char *prefix)
{
    fprintf(stderr, "%s%s%s\n", prefix ? prefix : "", prefix ? ": " : "",
            hstrerror(*__h_errno_location()));
}
