#include "stream.h"
#include <wchar.h>

wint_t getwchar(void)
{
    return fgetwc(stdin);
}

WEAK_ALIAS(getwchar, getwchar_unlocked);
