/* not glibc: its two families differ, as musl's do
 *
 * On text that is ASCII, swprintf() and swscanf() answer what snprintf() and sscanf() answer:
 * random conversions, with flags, widths and precisions, and random input. */
#include "check.h"
#include <wchar.h>

#define PICK(array) (array)[random_next() % (sizeof(array) / sizeof(array)[0])]

static void widen(wchar_t *wide, const char *text)
{
    do
        *wide++ = (unsigned char)*text;
    while (*text++);
}

static void differ(const char *what, const char *format, const char *input, int one, int other)
{
    if (check_failures++ < 10)
        printf("%s: \"%s\" of \"%s\": %d, wide %d\n", what, format, input, one, other);
}

/* One conversion of the argument, of whatever type it is, and where the text ended. */
#define PRINT(...)                                                                                 \
    do {                                                                                           \
        one = snprintf(text, sizeof text, format, ##__VA_ARGS__, &one_end);                        \
        other = swprintf(wide_text, 600, wide_format, ##__VA_ARGS__, &other_end);                  \
    } while (0)

static void print(void)
{
    static const char *const flags[] = {"", "-", "0", "+", " ", "#", "-#", "+0", "'"};
    static const char *const widths[] = {"", "1", "5", "12", "300"};
    static const char *const precisions[] = {"", ".", ".0", ".1", ".5", ".12", ".300"};
    static const char *const letters[] = {"d",  "i",   "u",  "x",  "X",  "o",  "ld",  "lld",
                                          "hd", "hhd", "zu", "jx", "f",  "e",  "g",   "a",
                                          "F",  "A",   "Lf", "Le", "Lg", "La", "s",   "c",
                                          "p",  "%",   "ls", "lc", "m",  "S",  "hhs", "y"};
    const char *letter = PICK(letters);
    char last = letter[strlen(letter) - 1], format[64], text[600] = "";
    wchar_t wide_format[64], wide_text[600] = L"", expected[600];
    int one, other, one_end = -1, other_end = -1;
    int64_t number = (int64_t)random_next() >> random_next() % 64;

    sprintf(format, "ab%%%s%s%s%sxy%%n", PICK(flags), PICK(widths), PICK(precisions), letter);
    widen(wide_format, format);
    if (letter[0] == 'L')
        PRINT((long double)number / 1000);
    else if (strchr("fegaFA", last))
        PRINT((double)number / 1000);
    else if (strcmp(letter, "ls") == 0 || last == 'S')
        PRINT(L"hello world");
    else if (last == 's')
        PRINT("hello world");
    else if (last == '%' || last == 'm')
        PRINT();
    else if (last == 'c')
        PRINT('A' + (int)(number & 15));
    else
        PRINT(number);
    widen(expected, text);
    if (one != other || one_end != other_end || (one >= 0 && wcscmp(expected, wide_text) != 0))
        differ("printf", format, text, one, other);
}

static void scan(void)
{
    static const char *const words[] = {"12",
                                        "-7",
                                        "+0",
                                        "0x1f",
                                        "077",
                                        "3.25",
                                        "-1e3",
                                        ".5",
                                        "6.",
                                        "abc",
                                        "inf",
                                        "nan",
                                        "nan(12)",
                                        "infinit",
                                        "-inf",
                                        "k",
                                        "",
                                        "1e",
                                        "0x",
                                        "0x.",
                                        "0x1p",
                                        "1e+",
                                        "nan(",
                                        "nan(a b",
                                        "1,2",
                                        "%",
                                        "-",
                                        "0x1.8p3",
                                        "9999999999999999999999"};
    static const char *const gaps[] = {" ", "", " \t", "\n", ","};
    static const char *const letters[] = {"d",  "i",  "u",        "x",    "o",  "ld",  "hhd",
                                          "f",  "lf", "Lf",       "g",    "a",  "s",   "c",
                                          "n",  "%",  "[a-z0-9]", "[^ ]", "p",  "ls",  "lc",
                                          "5s", "3d", "2c",       "4lf",  "1x", "20i", "l[0-9.]"};
    char input[200] = "", format[100] = "", targets[4][64], wide_targets[4][64];
    wchar_t wide_input[200], wide_format[100];
    int one, other;

    memset(targets, '~', sizeof targets);
    memset(wide_targets, '~', sizeof wide_targets);
    for (int j = 0; j < 4; j++) {
        strcat(strcat(input, PICK(words)), PICK(gaps));
        strcat(strcat(strcat(format, random_next() % 4 ? "%" : "%*"), PICK(letters)), PICK(gaps));
    }
    input[15] = 0; /* what fits in a target */
    widen(wide_input, input);
    widen(wide_format, format);
    one = sscanf(input, format, targets[0], targets[1], targets[2], targets[3]);
    other = swscanf(wide_input, wide_format, wide_targets[0], wide_targets[1], wide_targets[2],
                    wide_targets[3]);
    if (one != other || memcmp(targets, wide_targets, sizeof targets) != 0)
        differ("scanf", format, input, one, other);
}

int main(void)
{
#ifdef LIBC_MIN
    for (int j = 0; j < 20000; j++) {
        print();
        scan();
    }
#endif
    return check_end();
}
