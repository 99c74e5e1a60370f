/* libraries: two shared libraries that use each other, and a program that overrides one of their
 * functions.
 *
 * libgreet.so calls libcount.so and is called by the program, which is found first in the search
 * for a symbol: so its greet_word() replaces the library's own for all, the library itself included
 * (interposition). The variable greet_total, which the program uses too, lives in the program for
 * all: it is copied there when the program starts (R_X86_64_COPY). The variable count_calls is
 * there once in each thread: the libraries ask the linker for it (__tls_get_addr), the program adds
 * a fixed offset to its thread pointer, and in one thread all get the same.
 *
 * The libraries are found by DT_RUNPATH, from where the program is: $ORIGIN/../samples.lib/musl, or
 * glibc, or ucc. gABI: Shared Object Dependencies; psABI; "ELF Handling For Thread-Local Storage".
 */
#define _GNU_SOURCE
#include "lib/greet.h"
#include "maps.h"
#include <pthread.h>

enum { GREETING = 64 };

const char *greet_word(void)
{
    return "Good day";
}

/* One line: which object holds what a library found under that name. */
static void found_print(const char *library, const char *name, void *at)
{
    struct mapping map;

    mapping_find((uintptr_t)at, &map);
    printf("%-20s %-12s  %s\n", name, library, map.name);
}

static void variable_print(const char *name, const void *program, const void *first,
                           const void *second)
{
    printf("%-20s %#zx, %s\n", name, (size_t)program,
           program == first && first == second ? "the same for all three"
                                               : "but not the same for all three");
}

static void greeting_print(const char *thread)
{
    char text[GREETING];

    greet(text, sizeof text, thread);
    printf("%-8s %-22s %#zx\n", thread, text, (size_t)&count_calls);
}

static void *other_thread(void *unused)
{
    (void)unused;
    greeting_print("other");
    return NULL;
}

int main(void)
{
    pthread_t thread;

    output_prepare();
    printf("%-20s %-12s  %s\n", "FUNCTION", "USED IN", "IS FOUND IN");
    found_print("libgreet.so", "greet_word", greet_finds("greet_word"));
    found_print("libcount.so", "greet_word", count_finds("greet_word"));
    found_print("libgreet.so", "greet_word, its own", greet_finds("greet_word, its own"));
    found_print("libgreet.so", "count_next", greet_finds("count_next"));

    printf("\n%-20s %s\n", "VARIABLE", "AT");
    variable_print("greet_total", &greet_total, greet_finds("greet_total"),
                   count_finds("greet_total"));
    variable_print("count_calls", &count_calls, greet_finds("count_calls"),
                   count_finds("count_calls"));

    printf("\n%-8s %-22s %s\n", "THREAD", "GREETING", "ITS COUNT_CALLS");
    greeting_print("main");
    greeting_print("main");
    if (pthread_create(&thread, NULL, other_thread, NULL) != 0) {
        fprintf(stderr, "libraries: no thread can be made\n");
        return 1;
    }
    pthread_join(thread, NULL);
    greeting_print("main");
    printf("\n%d greetings\n", greet_total);
    return 0;
}
