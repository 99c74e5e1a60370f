/* swscanf() and swprintf(), and the same on streams: random conversions on random wide text, in
 * UTF-8. Left out, as musl and glibc differ: widths of %c that the input is too short for, and of
 * %lc in wprintf, which musl ignores. */
#include "../check.h"
#include <locale.h>
#include <wchar.h>

static const wchar_t letters[] =
    L"ab1-] \u00e9\u00e9\u03b1\u03b2\u03b3\u20ac\u3000\u2003\U0001f600\n";
static const wchar_t *const scans[] = {L"%ls",
                                       L"%3ls",
                                       L"%s",
                                       L"%2s",
                                       L"%lc",
                                       L"%c",
                                       L"%l[a-\u00e9]",
                                       L"%l[^\u03b2]",
                                       L"%[\u03b1-\u03b3\u20ac]",
                                       L"%2l[]\u00e9-]",
                                       L"%l[^]\u3000]",
                                       L"%d",
                                       L"%1d",
                                       L"%*ls",
                                       L"%*2l[^ ]",
                                       L" ",
                                       L"\u3000",
                                       L"\u00e9",
                                       L"%*lc",
                                       L"%[^-\u20ac]"};
static const wchar_t *const prints[] = {L"%ls",    L"%5ls",   L"%-4ls|", L"%.2ls",
                                        L"%7.1ls", L"\u20ac", L"%s",     L"%6s",
                                        L"%-3s",   L"%.1s",   L"%4.2s",  L"\u00e9a"};

#define PICK(array) (array)[random_next() % (sizeof(array) / sizeof(array)[0])]

static void text_make(wchar_t *text, int most)
{
    int length = (int)(random_next() % (unsigned)most);

    while (length--)
        *text++ = letters[random_next() % (sizeof letters / sizeof letters[0] - 1)];
    *text = 0;
}

static void scan(void)
{
    wchar_t input[16], format[64] = L"";
    const wchar_t *used[3];
    union {
        wchar_t wide[20];
        char bytes[80];
        int number;
    } targets[3];
    void *pointers[3] = {0};
    int next = 0, count, where = -1;

    text_make(input, 12);
    memset(targets, 0, sizeof targets);
    for (int j = 0; j < 3; j++) {
        used[j] = PICK(scans);
        wcscat(format, used[j]);
        if (used[j][0] == '%' && used[j][1] != '*')
            pointers[next++] = &targets[j];
    }
    wcscat(format, L"%n");
    if (random_next() % 4 == 0) {
        FILE *file = tmpfile();

        fputws(input, file);
        rewind(file);
        count = next == 0   ? fwscanf(file, format, &where)
                : next == 1 ? fwscanf(file, format, pointers[0], &where)
                : next == 2 ? fwscanf(file, format, pointers[0], pointers[1], &where)
                            : fwscanf(file, format, pointers[0], pointers[1], pointers[2], &where);
        printf("rest %x ", (unsigned)getwc(file));
        fclose(file);
    } else {
        count = next == 0   ? swscanf(input, format, &where)
                : next == 1 ? swscanf(input, format, pointers[0], &where)
                : next == 2 ? swscanf(input, format, pointers[0], pointers[1], &where)
                            : swscanf(input, format, pointers[0], pointers[1], pointers[2], &where);
    }
    printf("<%ls> <%ls> %d, %d:", input, format, count, where);
    for (int j = 0; j < 3 && count > 0; j++) {
        if (used[j][0] != '%' || used[j][1] == '*')
            continue;
        count--;
        if (used[j][wcslen(used[j]) - 1] == 'd')
            printf(" %d", targets[j].number);
        else if (wcschr(used[j], 'l'))
            printf(" <%ls>", targets[j].wide);
        else
            printf(" <%s>", targets[j].bytes);
    }
    printf("\n");
}

static void print(void)
{
    wchar_t text[8], made[64] = L"", format[64] = L"";
    const wchar_t *used[3];
    const void *pointers[3] = {0};
    char bytes[40];
    int next = 0, count, where = -1;

    text_make(text, 7);
    wcstombs(bytes, text, sizeof bytes);
    for (int j = 0; j < 3; j++) {
        used[j] = PICK(prints);
        wcscat(format, used[j]);
        if (used[j][0] == '%')
            pointers[next++] = wcschr(used[j], 'l') ? (const void *)text : bytes;
    }
    wcscat(format, L"%n");
    count = next == 0   ? swprintf(made, 64, format, &where)
            : next == 1 ? swprintf(made, 64, format, pointers[0], &where)
            : next == 2 ? swprintf(made, 64, format, pointers[0], pointers[1], &where)
                        : swprintf(made, 64, format, pointers[0], pointers[1], pointers[2], &where);
    printf("<%ls> <%ls> %d, %d: <%ls>\n", format, text, count, where, made);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 100;

    random_state = argc > 1 ? strtoull(argv[1], NULL, 0) * 2 + 1 : 1;
    setlocale(LC_ALL, "C.UTF-8");
    for (int j = 0; j < rounds; j++) {
        scan();
        print();
    }
    return 0;
}
