/* elfgen.c - writes a test ELF image from a description of a few lines; see README.md.
 *
 * It shares no code with uexec, and reads no ELF file: what tests expect is computed twice.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "image.h"
#include "payload.h"

_Noreturn void fail(struct place place, const char *format, ...)
{
    va_list arguments;

    fputs("elfgen: ", stderr);
    if (place.line > 0)
        fprintf(stderr, "%s:%u: ", place.file, place.line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

void *grow(void *memory, size_t count, size_t size)
{
    void *grown = reallocarray(memory, count ? count : 1, size);

    if (!grown)
        fail((struct place){0}, "no memory for %zu times %zu bytes", count, size);
    return grown;
}

static int print_list(void)
{
    puts("Payloads (code=NAME or code=NAME:ARGUMENTS):");
    for (size_t i = 0; i < payload_count; i++) {
        const struct payload *payload = &payloads[i];
        int width =
            printf("  %s%s%s", payload->name, *payload->arguments ? ":" : "", payload->arguments);

        printf("%*s%s\n", width < 26 ? 26 - width : 1, "", payload->help);
    }
    puts("\nDamages (damage NAME ARGUMENTS; [N]: program header, default the last load, or the "
         "interp):");
    for (size_t i = 0; i < damage_count; i++) {
        int width = printf("  %s%s", damages[i].name, damage_arguments(&damages[i]));

        printf("%*s%s\n", width < 26 ? 26 - width : 1, "", damages[i].help);
    }
    return 0;
}

static int print_usage(FILE *stream, int status)
{
    fputs("usage: elfgen [-o OUT] [DESCRIPTION-FILE]\n"
          "       elfgen --list\n"
          "Writes the ELF image that DESCRIPTION-FILE (default: standard input) describes to OUT\n"
          "(default: a.out). --list shows the payloads and damages there are.\n",
          stream);
    return status;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"list", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    static struct image image;
    const char *output = "a.out";
    const char *input = NULL;
    FILE *stream = stdin;
    int option;

    while ((option = getopt_long(argc, argv, "o:lh", options, NULL)) != -1) {
        switch (option) {
        case 'o':
            output = optarg;
            break;
        case 'l':
            return print_list();
        case 'h':
            return print_usage(stdout, 0);
        default:
            return print_usage(stderr, 2);
        }
    }
    if (argc - optind > 1)
        return print_usage(stderr, 2);
    if (optind < argc) {
        input = argv[optind];
        stream = fopen(input, "re");
        if (!stream)
            fail((struct place){0}, "%s cannot be opened (%s)", input, strerror(errno));
    }

    image_describe(&image, input ? input : "stdin", stream);
    image_layout(&image);
    image_damage(&image);
    image_write(&image, output);
    if (input)
        fclose(stream);
    return 0;
}
