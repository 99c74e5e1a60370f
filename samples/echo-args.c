/* echo-args: prints argc and argv exactly as they arrived.
 *
 * Arguments are bytes with a zero byte at the end: a loader copies them and must not interpret
 * them. Empty arguments, spaces, quotes, newlines and bytes that are not UTF-8 must arrive
 * unchanged; the escapes below make each of them visible on one line.
 */
#include <stdio.h>

static void print_escaped(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char byte = (unsigned char)*p;

        if (byte == '"' || byte == '\\')
            printf("\\%c", byte);
        else if (byte == '\n')
            printf("\\n");
        else if (byte == '\t')
            printf("\\t");
        else if (byte < 0x20 || byte > 0x7e) /* not isprint(), which depends on the locale */
            printf("\\x%02x", byte);
        else
            putchar(byte);
    }
}

int main(int argc, char **argv)
{
    printf("argc=%d\n", argc);
    for (int i = 0; i < argc; i++) {
        printf("argv[%d]=\"", i);
        print_escaped(argv[i]);
        printf("\"\n");
    }
    return 0;
}
