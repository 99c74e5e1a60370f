/* echo-args: what arrived in argc and argv, exactly.
 *
 * Arguments are bytes ended by a zero byte, nothing more: the loader copies them and must not
 * interpret them. So empty arguments, spaces, quotes, newlines and bytes that are no UTF-8 have
 * to come through unchanged; the escapes below make each of them visible on one line.
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
        else if (byte < 0x20 || byte > 0x7e) /* not isprint(): that would depend on the locale */
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
