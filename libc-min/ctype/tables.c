/* Tables for the macros of glibc's <ctype.h>, in archives and objects compiled with it (LSB Core,
 * "Baselibs", __ctype_b_loc and related functions): indices from -128 to 255. */
#include "alias.h"
#include <stdint.h>

/* The LSB's bits, on a little-endian machine. */
enum {
    UPPER = 0x100,
    LOWER = 0x200,
    ALPHA = 0x400,
    DIGIT = 0x800,
    XDIGIT = 0x1000,
    SPACE = 0x2000,
    PRINT = 0x4000,
    GRAPH = 0x8000,
    BLANK = 0x1,
    CNTRL = 0x2,
    PUNCT = 0x4,
    ALNUM = 0x8,
};

#define IN(c, first, last) ((c) >= (first) && (c) <= (last))
#define IS_UPPER(c)        IN(c, 'A', 'Z')
#define IS_LOWER(c)        IN(c, 'a', 'z')
#define IS_DIGIT(c)        IN(c, '0', '9')
#define IS_ALNUM(c)        (IS_UPPER(c) || IS_LOWER(c) || IS_DIGIT(c))
#define IS_GRAPH(c)        IN(c, 0x21, 0x7e)

#define CLASS(c)                                                                                   \
    ((IS_UPPER(c) ? UPPER | ALPHA : 0) | (IS_LOWER(c) ? LOWER | ALPHA : 0) |                       \
     (IS_DIGIT(c) ? DIGIT | XDIGIT : 0) | (IN(c, 'A', 'F') || IN(c, 'a', 'f') ? XDIGIT : 0) |      \
     ((c) == ' ' || IN(c, '\t', '\r') ? SPACE : 0) | ((c) == ' ' || (c) == '\t' ? BLANK : 0) |     \
     (IN(c, 0x20, 0x7e) ? PRINT : 0) | (IS_GRAPH(c) ? GRAPH : 0) |                                 \
     (IN(c, 0, 0x1f) || (c) == 0x7f ? CNTRL : 0) | (IS_GRAPH(c) && !IS_ALNUM(c) ? PUNCT : 0) |     \
     (IS_ALNUM(c) ? ALNUM : 0))
#define TO_LOWER(c) (IS_UPPER(c) ? (c) + 0x20 : (c))
#define TO_UPPER(c) (IS_LOWER(c) ? (c)-0x20 : (c))

/* A negative char stands for its byte, but -1 is EOF first. */
#define BYTE(c) ((c) < -1 ? (c) + 256 : (c))

#define ROW4(f, c)   f(c), f((c) + 1), f((c) + 2), f((c) + 3)
#define ROW16(f, c)  ROW4(f, c), ROW4(f, (c) + 4), ROW4(f, (c) + 8), ROW4(f, (c) + 12)
#define ROW64(f, c)  ROW16(f, c), ROW16(f, (c) + 16), ROW16(f, (c) + 32), ROW16(f, (c) + 48)
#define ROW128(f, c) ROW64(f, c), ROW64(f, (c) + 64)
#define TABLE(f)     ROW128(f, -128), ROW128(f, 0), ROW128(f, 128)

static const uint16_t classes[384] = {TABLE(CLASS)};
#define LOWER_OF(c) BYTE(TO_LOWER(c))
#define UPPER_OF(c) BYTE(TO_UPPER(c))
static const int32_t lower[384] = {TABLE(LOWER_OF)};
static const int32_t upper[384] = {TABLE(UPPER_OF)};

/* Each pointer is set at the call, so that the start needs no relocation for it. */
#define TABLE_LOCATION(type, name, table)                                                          \
    const type **name(void);                                                                       \
    const type **name(void)                                                                        \
    {                                                                                              \
        static const type *location;                                                               \
        __atomic_store_n(&location, (table) + 128, __ATOMIC_RELAXED);                              \
        return &location;                                                                          \
    }

TABLE_LOCATION(uint16_t, __ctype_b_loc, classes)
TABLE_LOCATION(int32_t, __ctype_tolower_loc, lower)
TABLE_LOCATION(int32_t, __ctype_toupper_loc, upper)
