/* strtod(), strtof(), strtold(): random numbers as text, halfway cases and their neighbours, in
 * every rounding direction. Values and end pointers are printed, errno is not: for numbers that are
 * subnormal C leaves it to the library, and musl and glibc differ. */
#include "../check.h"
#include <fenv.h>
#include <float.h>
#include <math.h>

static const int directions[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

/* In directions other than the nearest musl 1.2.3 rounds long and hexadecimal numbers, and what is
 * out of range, wrongly: such directions are for short decimals only, and for normal results. */
static void convert(const char *text, int direction)
{
    char *end_d, *end_f, *end_l;
    union {
        double value;
        uint64_t bits;
    } d;
    union {
        float value;
        uint32_t bits;
    } f;
    union {
        long double value;
        struct {
            uint64_t low;
            uint16_t high;
        } bits;
    } l;

    fesetround(direction);
    d.value = strtod(text, &end_d);
    f.value = strtof(text, &end_f);
    l.value = strtold(text, &end_l);
    fesetround(FE_TONEAREST);
    if (direction != FE_TONEAREST) {
        d.bits = isnormal(d.value) ? d.bits : 2;
        f.bits = isnormal(f.value) ? f.bits : 2;
        if (f.value == FLT_MAX || f.value == -FLT_MAX)
            f.bits = 2;
        if (d.value == DBL_MAX || d.value == -DBL_MAX)
            d.bits = 2;
        if (!isnormal(l.value) || l.value == LDBL_MAX || l.value == -LDBL_MAX)
            l.bits.low = 2, l.bits.high = 2;
    }
    if (d.value != d.value) /* the sign and the payload of a NaN are anybody's */
        d.bits = 1, f.bits = 1, l.bits.low = 1, l.bits.high = 1;
    printf("%s %d: %016llx %08x %04x%016llx %d %d %d\n", text, direction,
           (unsigned long long)d.bits, f.bits, l.bits.high, (unsigned long long)l.bits.low,
           (int)(end_d - text), (int)(end_f - text), (int)(end_l - text));
}

static double random_double(void)
{
    union {
        uint64_t bits;
        double value;
    } number = {random_next()};

    if (random_next() % 8 == 0)
        number.bits &= 0x800FFFFFFFFFFFFF; /* subnormal */
    return isfinite(number.value) ? number.value : 1;
}

static size_t digits_append(char *text, int count)
{
    for (int i = 0; i < count; i++)
        text[i] = (char)('0' + random_next() % 10);
    text[count] = 0;
    return (size_t)count;
}

int main(int argc, char **argv)
{
    static char text[4096];
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (int i = 0; i < rounds; i++) {
        int nearest = 0;
        char *next = text;
        double value = random_double();

        if (random_next() % 4 == 0)
            *next++ = '-';
        switch (random_next() % 8) {
        case 0: /* short */
            next += digits_append(next, 1 + (int)(random_next() % 5));
            *next++ = '.';
            next += digits_append(next, (int)(random_next() % 8));
            break;
        case 1: /* any number of digits, any exponent */
            next += digits_append(next, 1 + (int)(random_next() % 40));
            *next++ = '.';
            next += digits_append(next, (int)(random_next() % 40));
            sprintf(next, "e%d", (int)(random_next() % 700) - 350);
            break;
        case 2: /* what prints as itself */
            sprintf(text, "%.17g", value);
            break;
        case 3: /* exactly a double, and one digit more or less */
            snprintf(text, sizeof text, "%.*e", (int)(random_next() % 800), value);
            nearest = 1;
            break;
        case 4: { /* halfway between two doubles, which a long double can say */
            long double half = ((long double)value + nextafter(value, INFINITY)) / 2;
            char *e;

            snprintf(text, sizeof text, "%.1100Le", half);
            nearest = 1;
            if (random_next() % 2 && (e = strchr(text, 'e'))) {
                memmove(e + 1, e, strlen(e) + 1);
                *e = (char)('0' + random_next() % 2);
            }
            break;
        }
        case 5: /* hexadecimal */
            sprintf(next, "0x%llx.%llxp%d",
                    (unsigned long long)(random_next() >> random_next() % 64),
                    (unsigned long long)(random_next() >> random_next() % 64),
                    (int)(random_next() % 200) - 100);
            nearest = 1;
            break;
        case 6: /* the range of long double */
            next += digits_append(next, 1 + (int)(random_next() % 25));
            sprintf(next, "e%d", (int)(random_next() % 10100) - 5000);
            break;
        default: { /* what may or may not be a number */
            static const char letters[] = "0123456789.eE+-xXpPinfaty()_ ";
            int length = 1 + (int)(random_next() % 10);

            for (int j = 0; j < length; j++)
                *next++ = letters[random_next() % (sizeof letters - 1)];
            *next = 0;
            nearest = 1;
            break;
        }
        }
        convert(text, directions[nearest ? 0 : random_next() % 4]);
    }
    return 0;
}
