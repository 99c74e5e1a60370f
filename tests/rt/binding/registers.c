/* Calls functions of a library for the first time with every register full, and prints each
 * register that was another when the function began. `registers WIDTH WHICH`:
 *
 *     plain, indirect       by a lazy slot
 *     descriptor LIBRARY    after a TLS descriptor of the library was asked, opened by dlopen()
 *
 * WIDTH is how many bits of each vector register are filled: 128, 256, or 512 with the mask
 * registers. Status 77 says that this CPU does not have them. */
#include "registers.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t calls_seen_plain(const struct registers *, unsigned);
uint64_t calls_seen_indirect(const struct registers *, unsigned);

enum { CANNOT_RUN = 77 };

static void need_width(unsigned bits)
{
    if (bits == 512 && !__builtin_cpu_supports("avx512bw")) {
        printf("this CPU has no AVX-512\n");
        exit(CANNOT_RUN);
    }
    if (bits == 256 && !__builtin_cpu_supports("avx")) {
        printf("this CPU has no AVX\n");
        exit(CANNOT_RUN);
    }
}

static unsigned wrong;

static void compare(const char *what, unsigned number, const void *found, const void *given,
                    size_t size)
{
    if (memcmp(found, given, size) != 0) {
        printf("%s %u is another\n", what, number);
        wrong++;
    }
}

int main(int argc, char **argv)
{
    static struct registers given;
    static const uint16_t control = 0x0f7f; /* x87: round towards zero */
    static const uint32_t mxcsr = 0x7f80;   /* SSE: the same; all exceptions masked, as at start */
    uint8_t *bytes = (uint8_t *)&given;
    unsigned bits = argc > 1 ? (unsigned)atoi(argv[1]) : 0;
    const char *which = argc > 2 ? argv[2] : "";
    struct registers *seen, *(*prepare)(unsigned);
    uint64_t (*descriptor)(const struct registers *, unsigned) = NULL;
    void *library;
    uint64_t answer;

    need_width(bits);
    seen = seen_prepare(bits);
    library = argc > 3 ? dlopen(argv[3], RTLD_NOW) : NULL;
    srand(1);
    for (size_t i = 0; i < AT_X87; i++)
        bytes[i] = (uint8_t)(rand() >> 7);
    __asm__ volatile("fninit; fldpi; fld1; fldl2e; fldln2; fldz; fldlg2; fxsave64 %0"
                     : "=m"(given.x87));
    __asm__ volatile("fninit");
    memcpy(given.x87, &control, sizeof control);
    memcpy(given.x87 + 24, &mxcsr, sizeof mxcsr);
    if (library != NULL) {
        *(void **)&prepare = dlsym(library, "seen_prepare");
        *(void **)&descriptor = dlsym(library, "calls_descriptor");
        seen = prepare(bits);
        answer = descriptor(&given, bits);
        for (int again = argc; again > 4; again--)
            answer = descriptor(&given, bits);
        if (*(int *)((char *)__builtin_thread_pointer() + answer - 1) != 42)
            wrong++, printf("another variable\n");
        given.general[0] = answer - 1;
    } else if (strcmp(which, "indirect") == 0)
        answer = calls_seen_indirect(&given, bits);
    else
        answer = calls_seen_plain(&given, bits);

    for (unsigned i = 0; i < 14; i++) /* rsp and the flags are not given */
        compare("general register", i, &seen->general[i], &given.general[i], 8);
    if (answer != given.general[0] + 1)
        wrong++, printf("rax is another after the call\n");
    if (seen->general[14] % 16 != 8)
        wrong++, printf("rsp is %#llx\n", (unsigned long long)seen->general[14]);
    if (seen->general[15] & 0x400)
        wrong++, printf("the direction flag is set\n");
    for (unsigned i = 0; i < (bits == 512 ? 32 : 16); i++)
        compare("vector register", i, seen->vectors[i], given.vectors[i], bits / 8);
    for (unsigned i = 0; i < 8 && bits == 512; i++)
        compare("mask register", i, &seen->masks[i], &given.masks[i], 8);
    compare("x87 control word", 0, seen->x87, given.x87, 2);
    compare("x87 status and tags", 0, seen->x87 + 2, given.x87 + 2, 3);
    compare("MXCSR", 0, seen->x87 + 24, given.x87 + 24, 4);
    for (unsigned i = 0; i < 6; i++)
        compare("x87 register", i, seen->x87 + 32 + 16 * i, given.x87 + 32 + 16 * i, 10);
    printf("%u wrong\n", wrong);
    return wrong != 0;
}
