#include "locale_struct.h"
#include "multibyte.h"
#include <stdlib.h>

size_t __ctype_get_mb_cur_max(void);

struct __locale_struct __locale_c = {.names = {"C", "C", "C", "C", "C", "C"}, .all = "C"};
struct __locale_struct *__locale_global = &__locale_c;

/* MB_CUR_MAX */
size_t __ctype_get_mb_cur_max(void)
{
    return locale_utf8() ? UTF8_MAX : 1;
}
