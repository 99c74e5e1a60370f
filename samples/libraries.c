/* libraries: two shared libraries that use each other, and a program that overrides one of their
 * functions.
 *
 * The program calls libgreet.so, which calls libcount.so. The search for a symbol begins with the
 * program: its greet_word() replaces the one of libgreet.so for all three, libgreet.so included
 * (interposition). The program uses the variable greet_total too, so all three use one copy of it
 * in the program: R_X86_64_COPY copies it there at the start. The variable count_calls exists once
 * in each thread. The libraries get its address from the linker (__tls_get_addr), the program adds
 * a fixed offset to its thread pointer; in one thread, the addresses are equal.
 *
 * The linker finds the libraries by DT_RUNPATH, relative to the program:
 * $ORIGIN/../samples.lib/musl, or glibc, or ucc. gABI: Shared Object Dependencies; psABI; "ELF
 * Handling For Thread-Local Storage".
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

/* Prints the object that holds the definition which a library uses for that name. */
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
