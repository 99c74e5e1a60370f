/* The time of formatted and buffered input and output, and of the conversion of numbers. Prints
 * lines of NAME PARAMETER NANOSECONDS per operation, each the least of several rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7 };

static uint64_t random_state = 88172645463325252;

static uint64_t random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* The body of a measurement: `count` operations. */
typedef void (*work)(int count);

static void measure(const char *name, const char *parameter, int count, work work)
{
    double least = 1e30, start, time;

    for (int round = 0; round < ROUNDS; round++) {
        start = now();
        work(count);
        time = (now() - start) / count;
        if (time < least)
            least = time;
    }
    printf("%s %s %.2f\n", name, parameter, least);
}

static char text[400];
static FILE *null;
static double doubles[1024];
static volatile double sink;

static void print_int(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%d", i * 12345);
}

static void print_mixed(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%s: line %d, %5u of %-8x (%c)\n", "file.c", i, i % 1000, i,
                 'x');
}

static void print_string(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%s %s", "some text", "and some more of it, a little longer");
}

static void print_file(int count)
{
    for (int i = 0; i < count; i++)
        fprintf(null, "%d %s\n", i, "text");
}

static void print_g(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%g", doubles[i % 1024]);
}

static void print_g17(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%.17g", doubles[i % 1024]);
}

static void print_f(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%f", (double)(i * 77) / 1000);
}

static void print_exact(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%.40g", doubles[i % 1024]);
}

static void print_long_double(int count)
{
    for (int i = 0; i < count; i++)
        snprintf(text, sizeof text, "%.18Lg", (long double)i * 1.1L);
}

static FILE *lines;

static void get_lines(int count)
{
    rewind(lines);
    for (int i = 0; i < count; i++)
        if (!fgets(text, sizeof text, lines))
            rewind(lines);
}

static void get_bytes(int count)
{
    rewind(lines);
    for (int i = 0; i < count; i++)
        if (getc(lines) == EOF)
            rewind(lines);
}

static void put_bytes(int count)
{
    for (int i = 0; i < count; i++)
        putc(i, null);
}

static void put_strings(int count)
{
    for (int i = 0; i < count; i++)
        fputs("a line of forty characters, more or less\n", null);
}

static char block[65536];

static void write_small(int count)
{
    for (int i = 0; i < count; i++)
        fwrite(block, 1, 16, null);
}

static void write_large(int count)
{
    for (int i = 0; i < count; i++)
        fwrite(block, 1, sizeof block, null);
}

static void read_blocks(int count)
{
    rewind(lines);
    for (int i = 0; i < count; i++)
        if (fread(block, 1, 512, lines) < 512)
            rewind(lines);
}

static void scan_mixed(int count)
{
    int a, b;
    char word[32];

    for (int i = 0; i < count; i++)
        sscanf("1234 word -77", "%d %31s %d", &a, word, &b);
}

static char numbers[1024][32];

static void convert_short(int count)
{
    for (int i = 0; i < count; i++)
        sink = strtod("3.14159", NULL);
}

static void convert_long(int count)
{
    for (int i = 0; i < count; i++)
        sink = strtod(numbers[i % 1024], NULL);
}

static void convert_integer(int count)
{
    for (int i = 0; i < count; i++)
        sink = (double)strtol("123456789", NULL, 10);
}

static void prepare(void)
{
    for (int i = 0; i < 1024; i++) {
        union {
            uint64_t bits;
            double value;
        } number = {random_next() >> 2 | (uint64_t)1 << 60};

        doubles[i] = number.value;
        snprintf(numbers[i], sizeof numbers[i], "%.17g", doubles[i]);
    }
    for (int i = 0; i < 20000; i++)
        fprintf(lines, "this is line %d of a file of text\n", i);
    fflush(lines);
}

int main(void)
{
    null = fopen("/dev/null", "w");
    lines = tmpfile();
    if (!null || !lines)
        return 1;
    prepare();
    measure("snprintf", "%d", 100000, print_int);
    measure("snprintf", "%s%d%5u%-8x%c", 50000, print_mixed);
    measure("snprintf", "%s", 100000, print_string);
    measure("fprintf", "%d%s", 100000, print_file);
    measure("snprintf", "%g", 30000, print_g);
    measure("snprintf", "%.17g", 30000, print_g17);
    measure("snprintf", "%f", 50000, print_f);
    measure("snprintf", "%.40g", 5000, print_exact);
    measure("snprintf", "%.18Lg", 30000, print_long_double);
    measure("fgets", "line", 100000, get_lines);
    measure("getc", "byte", 1000000, get_bytes);
    measure("putc", "byte", 1000000, put_bytes);
    measure("fputs", "41", 200000, put_strings);
    measure("fwrite", "16", 300000, write_small);
    measure("fwrite", "65536", 10000, write_large);
    measure("fread", "512", 50000, read_blocks);
    measure("sscanf", "%d%s%d", 50000, scan_mixed);
    measure("strtod", "3.14159", 100000, convert_short);
    measure("strtod", "17-digits", 50000, convert_long);
    measure("strtol", "9-digits", 200000, convert_integer);
    return 0;
}
