#include "multibyte.h"
#include <stdlib.h>

size_t __ctype_get_mb_cur_max(void);

/* Programs begin in the "C" locale (C11 7.11.1.1). */
int __multibyte_utf8;

/* MB_CUR_MAX */
size_t __ctype_get_mb_cur_max(void)
{
    return __multibyte_utf8 ? UTF8_MAX : 1;
}
