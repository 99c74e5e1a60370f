/* printf(): random conversions, flags, widths, precisions and values. Left out, as musl and glibc
 * differ: %p of NULL, flags of %p, %s of NULL, %a of numbers that are not normal doubles (long
 * double and subnormal numbers have several forms), a 0 flag where C leaves it undefined, and %#g
 * of a value that rounding makes a power of ten (rounds_to_power() below). */
#include "../check.h"
#include <fenv.h>
#include <limits.h>
#include <math.h>

static const int directions[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

static uint64_t random_integer(void)
{
    return random_next() >> random_next() % 64;
}

static double random_double(void)
{
    union {
        uint64_t bits;
        double value;
    } number = {random_next()};

    switch (random_next() % 8) {
    case 0:
        number.bits &= 0x800FFFFFFFFFFFFF; /* subnormal */
        return number.value;
    case 1: /* few binary digits: ties */
        return (double)(int64_t)(random_next() >> 50) / (double)(1 << random_next() % 12);
    case 2:
        return (double)random_integer();
    case 3:
        return (double)(random_next() % 100000) / 100;
    case 4:
        return (double)(random_next() % 1000000007) / 1e6;
    case 5:
        return random_next() % 16 ? 0.0 : -(double)INFINITY;
    default:
        return number.value == number.value ? number.value : 1;
    }
}

static long double random_long_double(void)
{
    union {
        struct {
            uint64_t low;
            uint16_t high;
        } bits;
        long double value;
    } number = {.bits = {random_next() | (uint64_t)1 << 63, (uint16_t)random_next()}};

    if (random_next() % 2)
        number.bits.high = (uint16_t)(16383 - 70 + random_next() % 140);
    if ((number.bits.high & 0x7FFF) == 0x7FFF)
        number.bits.low = (uint64_t)1 << 63;
    if ((number.bits.high & 0x7FFF) == 0)
        number.bits.low >>= 1;
    return number.value;
}

static char *flags_append(char *next, const char *flags)
{
    *next++ = '%';
    for (; *flags; flags++)
        if (random_next() % 4 == 0)
            *next++ = *flags;
    if (random_next() % 3 == 0)
        next += sprintf(next, "%d", 1 + (int)(random_next() % 40));
    return next;
}

static void show(const char *format, int count, const char *text)
{
    printf("%s: %d [%s]\n", format, count, text);
}

static void integer_print(void)
{
    static const char *const lengths[] = {"hh", "h", "", "l", "ll", "j", "z", "t"};
    static const char letters[] = "diouxX";
    char format[64], text[512], *next;
    int length = (int)(random_next() % 8), letter = letters[random_next() % 6];
    uint64_t value = random_integer();

    if (random_next() % 2)
        value = 0 - value;
    next = flags_append(format, letter == 'd' || letter == 'i' ? "-+ 0"
                                : letter == 'u'                ? "-0"
                                                               : "-#0");
    if (random_next() % 3 == 0)
        next += sprintf(next, ".%d", (int)(random_next() % 30));
    sprintf(next, "%s%c", lengths[length], letter);
    if (length < 3)
        show(format, snprintf(text, sizeof text, format, (int)value), text);
    else
        show(format, snprintf(text, sizeof text, format, value), text);
}

/* Is 10 to the power of `precision` what `value` becomes with so many digits? For 999.6 and 3
 * digits, glibc 2.36 prints "1.e+03" for "%#.3g", without the zeros that `#` keeps (C 7.23.6.1),
 * and musl "1.00e+03". */
static int rounds_to_power(long double value, int precision)
{
    static char text[2000];

    snprintf(text, sizeof text, "%.*Le", precision - 1, fabsl(value));
    char *exponent = strchr(text, 'e');
    return exponent != NULL && text[0] == '1' && strspn(text + 1, ".0") + text + 1 == exponent &&
           atoi(exponent + 1) == precision;
}

static void float_print(void)
{
    static const char letters[] = "eEfFgG";
    static char text[20000];
    char format[64], *next = flags_append(format, "-+ #0");
    int wide = random_next() % 4 == 0,
        direction = directions[random_next() % 8 ? 0 : random_next() % 4];
    int count, precision = 6;
    char letter;
    long double shown;

    if (random_next() % 2) {
        precision = (int)(random_next() % 16 ? random_next() % 24 : random_next() % 1200);
        next += sprintf(next, ".%d", precision);
    }
    letter = letters[random_next() % 6];
    sprintf(next, "%s%c", wide ? "L" : "", letter);
    if (wide) {
        long double value = random_long_double();

        shown = value;

        fesetround(direction);
        count = snprintf(text, sizeof text, format, value);
    } else {
        double value = random_double();

        shown = value;
        fesetround(direction);
        count = snprintf(text, sizeof text, format, value);
    }
    int left_out = (letter == 'g' || letter == 'G') && strchr(format, '#') != NULL &&
                   rounds_to_power(shown, precision == 0 ? 1 : precision);
    fesetround(FE_TONEAREST);
    if (!left_out)
        show(format, count, text);
}

static void hexadecimal_print(void)
{
    char format[64], text[200], *next = flags_append(format, "-+ #0");
    double value = random_double();

    if (!isnormal(value))
        value = 1.5;
    if (random_next() % 2)
        next += sprintf(next, ".%d", (int)(random_next() % 20));
    sprintf(next, "%c", random_next() % 2 ? 'a' : 'A');
    show(format, snprintf(text, sizeof text, format, value), text);
}

static void string_print(void)
{
    char format[64], text[200], string[60], *next = flags_append(format, "-");
    int length = (int)(random_next() % (sizeof string - 1));
    size_t room = random_next() % sizeof text;

    for (int i = 0; i < length; i++)
        string[i] = (char)('!' + random_next() % 90);
    string[length] = 0;
    if (random_next() % 3 == 0)
        next += sprintf(next, ".%d", (int)(random_next() % 70));
    sprintf(next, "s|%%c|%%%%|%%n%%d");
    memset(text, '~', sizeof text - 1);
    text[sizeof text - 1] = 0;
    int stored = -1, count = snprintf(text, room, format, string, 'c', &stored, length);

    show(format, count, text);
    printf("%d\n", stored);
}

static void position_print(void)
{
    char text[300];
    int width = (int)(random_next() % 30) - 15, precision = (int)(random_next() % 12) - 2;
    double value = (double)(int64_t)random_next() / 65536;
    long integer = (long)random_next();
    int count = snprintf(text, sizeof text, "%3$*1$.*2$f|%4$*1$ld|%5$s|%4$lx|%3$-*1$g", width,
                         precision, value, integer, "text");

    show("positions", count, text);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (int i = 0; i < rounds; i++) {
        switch (random_next() % 8) {
        case 0:
        case 1:
            integer_print();
            break;
        case 2:
            string_print();
            break;
        case 3:
            hexadecimal_print();
            break;
        case 4:
            position_print();
            break;
        default:
            float_print();
            break;
        }
    }
    return 0;
}
