#include "stream.h"

int putchar(int byte)
{
    return putc(byte, stdout);
}

static int putchar_without_lock(int byte)
{
    return stream_putc(stdout, byte);
}

WEAK_ALIAS(putchar_without_lock, putchar_unlocked);
