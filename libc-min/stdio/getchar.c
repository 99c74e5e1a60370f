#include "stream.h"

int getchar(void)
{
    return getc(stdin);
}

static int getchar_without_lock(void)
{
    return stream_getc(stdin);
}

WEAK_ALIAS(getchar_without_lock, getchar_unlocked);
