/* sscanf(): random conversions on random input. Left out, as musl and glibc differ: "0x" with no
 * digit behind it, infinities, NaNs and exponents cut short (glibc gives characters back that
 * C 7.21.6.2 says are consumed), %n after a failure, numbers out of range, and %3c at the end of
 * the input, which glibc matches with less. */
#include "../check.h"
#include <limits.h>

static const char *const words[] = {"12",    "-7",  "+0",   "0x1f", "077",  "3.25", "-1e3", ".5",
                                    "6.",    "abc", "inf",  "nan",  "-inf", "k",    "",     "a1b2",
                                    "00012", "1,2", "1e5x", "[q]",  "%",    "9999", "-0",   "zz"};
static const char *const gaps[] = {" ", "", "  ", "\n", "\t", ",", " , "};
static const char *const conversions[] = {"%d",     "%i",     "%u",   "%x",  "%o",  "%ld",
                                          "%hhd",   "%hu",    "%lld", "%f",  "%lf", "%Lf",
                                          "%s",     "%5s",    "%c",   "%3c", "%2d", "%20lf",
                                          "%[a-z]", "%[^ ]",  "%*d",  "%*s", "%n",  "%[]0-9]",
                                          "%4[^,]", "%*c",    "%%",   "%1x", "%jd", "%zu",
                                          "%ms",    "%m[0-9]"};

union target {
    char text[256];
    long integer;
    double real;
    float single;
    long double extended;
    char *allocated;
};

#define PICK(array) (array)[random_next() % (sizeof(array) / sizeof(array)[0])]

static void target_print(const char *conversion, const union target *target)
{
    size_t length = strlen(conversion);

    if (conversion[1] == '*')
        return;
    if (conversion[1] == 'm')
        printf(" <%s>", target->allocated);
    else if (strcmp(conversion, "%f") == 0)
        printf(" %a", (double)target->single);
    else if (strcmp(conversion, "%Lf") == 0)
        printf(" %.21Lg", target->extended);
    else if (conversion[length - 1] == 'f')
        printf(" %a", target->real);
    else if (conversion[length - 1] == 's' || conversion[length - 1] == ']')
        printf(" <%s>", target->text);
    else if (conversion[length - 1] == 'c')
        printf(" <%.*s>", conversion[1] == '3' ? 3 : 1, target->text);
    else
        printf(" %ld", target->integer);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    for (int i = 0; i < rounds; i++) {
        char input[200] = "", format[200] = "";
        const char *used[4];
        union target targets[4];
        int count, results, stream = random_next() % 4 == 0;

        for (int j = 0; j < 4; j++) {
            strcat(strcat(input, PICK(words)), PICK(gaps));
            used[j] = PICK(conversions);
            strcat(strcat(format, used[j]), PICK(gaps));
            memset(&targets[j], 0, sizeof targets[j]);
        }
        if (strstr(format, "%3c"))
            strcat(input, "\n~~~ ~~~ ~~~ ~~~");
        /* pointers for what is stored, in order */
        void *pointers[4] = {0};

        for (int j = 0, next = 0; j < 4; j++)
            if (used[j][1] != '*' && used[j][1] != '%')
                pointers[next++] = &targets[j];
        if (stream) {
            FILE *file = tmpfile();

            fputs(input, file);
            rewind(file);
            count = fscanf(file, format, pointers[0], pointers[1], pointers[2], pointers[3]);
            fclose(file);
        } else {
            count = sscanf(input, format, pointers[0], pointers[1], pointers[2], pointers[3]);
        }
        printf("\"%s\" \"%s\" %d:", input, format, count);
        results = 0;
        for (int j = 0; j < 4; j++) {
            if (used[j][1] == '*' || used[j][1] == '%')
                continue;
            if (used[j][1] == 'n')
                continue;
            if (results++ < count)
                target_print(used[j], &targets[j]);
        }
        printf("\n");
    }
    return 0;
}
