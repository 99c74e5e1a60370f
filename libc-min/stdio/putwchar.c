#include "stream.h"
#include <wchar.h>

wint_t putwchar(wchar_t wide)
{
    return fputwc(wide, stdout);
}

WEAK_ALIAS(putwchar, putwchar_unlocked);
