/* The cancellation state. */
#include "thread.h"
#include <errno.h>

/* No thread cancels another here (pthread_cancel() does not exist), so the state has no effect. It
 * is kept only to return the old state. */
int pthread_setcancelstate(int state, int *old)
{
    struct __pthread *self = thread_self();

    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old)
        *old = self->cancel_state;
    self->cancel_state = state;
    return 0;
}

int pthread_setcanceltype(int type, int *old)
{
    struct __pthread *self = thread_self();

    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
        return EINVAL;
    if (old)
        *old = self->cancel_type;
    self->cancel_type = type;
    return 0;
}

void pthread_testcancel(void)
{
}
