/* Classes and case of bytes: ASCII in every locale. Bytes from 0x80 up have no class, because the
 * bytes of UTF-8 are no characters by themselves.
 *
 * Any int is a valid argument. */
#include <ctype.h>

/* <ctype.h> defines some of the functions as macros too. */
#undef isalpha
#undef isdigit
#undef islower
#undef isupper
#undef isprint
#undef isgraph
#undef isspace
#undef isascii

static inline int between(int c, int first, int last)
{
    return (unsigned)c - (unsigned)first <= (unsigned)last - (unsigned)first;
}

int isdigit(int c)
{
    return between(c, '0', '9');
}

int islower(int c)
{
    return between(c, 'a', 'z');
}

int isupper(int c)
{
    return between(c, 'A', 'Z');
}

int isalpha(int c)
{
    return between(c | 0x20, 'a', 'z');
}

int isalnum(int c)
{
    return between(c, '0', '9') || between(c | 0x20, 'a', 'z');
}

int isxdigit(int c)
{
    return between(c, '0', '9') || between(c | 0x20, 'a', 'f');
}

int isblank(int c)
{
    return c == ' ' || c == '\t';
}

int isspace(int c)
{
    return c == ' ' || between(c, '\t', '\r');
}

int iscntrl(int c)
{
    return between(c, 0, 0x1f) || c == 0x7f;
}

int isprint(int c)
{
    return between(c, 0x20, 0x7e);
}

int isgraph(int c)
{
    return between(c, 0x21, 0x7e);
}

int ispunct(int c)
{
    return between(c, 0x21, 0x7e) && !isalnum(c);
}

int tolower(int c)
{
    return between(c, 'A', 'Z') ? c | 0x20 : c;
}

int toupper(int c)
{
    return between(c, 'a', 'z') ? c & ~0x20 : c;
}

int isascii(int c)
{
    return between(c, 0, 0x7f);
}

int toascii(int c)
{
    return c & 0x7f;
}
