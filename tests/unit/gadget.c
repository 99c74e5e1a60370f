/* arch_gadget_find() on hand-made code. The bytes are from the SDM, vol. 2: syscall is 0F 05, ret
 * is C3. */
#include "../../loader/arch/arch.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the code is said to run. */
enum { BASE = 0x10000 };

/* The code, at the end of a block of exactly its size, so that reading past it is an error. */
static bool find(const char *code, size_t length, struct arch_gadget *found)
{
    unsigned char *copy = malloc(length == 0 ? 1 : length);
    if (copy == NULL)
        abort();
    memcpy(copy, code, length);
    memset(found, 0xa5, sizeof *found);
    bool result = arch_gadget_find(copy, length, BASE, found);
    free(copy);
    return result;
}

#define FIND(code, found) find((code), sizeof(code) - 1, (found))

static void is_found(void)
{
    static const struct {
        const char *code;
        size_t length, at, words;
        bool leave;
    } forms[] = {
#define FORM(code, at, words, leave) {code, sizeof(code) - 1, at, words, leave}
        FORM("\x0f\x05\xc3", 0, 0, false),
        FORM("\x90\x90\x0f\x05\xc3", 2, 0, false),
        /* leave: one word, %rbp's */
        FORM("\x0f\x05\xc9\xc3", 0, 1, true),
        /* xor %edx,%edx in both encodings, xor %rdx,%rdx, xor %r9d,%r9d, xor %r12,%r12 */
        FORM("\x0f\x05\x31\xd2\xc3", 0, 0, false),
        FORM("\x0f\x05\x33\xd2\xc3", 0, 0, false),
        FORM("\x0f\x05\x48\x31\xd2\xc3", 0, 0, false),
        FORM("\x0f\x05\x45\x31\xc9\xc3", 0, 0, false),
        FORM("\x0f\x05\x4d\x31\xe4\xc3", 0, 0, false),
        /* pop %rbx, pop %rbp, pop %r12, pop %r15 */
        FORM("\x0f\x05\x5b\xc3", 0, 1, false),
        FORM("\x0f\x05\x5d\xc3", 0, 1, false),
        FORM("\x0f\x05\x41\x5c\xc3", 0, 1, false),
        FORM("\x0f\x05\x41\x5f\xc3", 0, 1, false),
        /* the vDSO's: leave, clears, ret; and pops after clears */
        FORM("\x0f\x05\xc9\x31\xd2\x31\xf6\x31\xff\xc3", 0, 1, true),
        FORM("\x0f\x05\x31\xd2\x5b\x41\x5c\x5d\xc3", 0, 3, false),
        /* behind one that will not do, also one that begins inside it */
        FORM("\x0f\x05\xcc\x0f\x05\xc3", 3, 0, false),
        FORM("\x0f\x0f\x05\xc3", 1, 0, false),
        FORM("\x0f\x05\x5b\x0f\x05\xc3", 3, 0, false),
#undef FORM
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct arch_gadget found;
        bool right = find(forms[i].code, forms[i].length, &found) &&
                     found.address == BASE + forms[i].at && found.words == forms[i].words &&
                     found.leave == forms[i].leave;
        if (!CHECK(right))
            printf("# form %zu\n", i);
    }
}

static void is_refused(void)
{
    struct arch_gadget found;
    /* no syscall, or another instruction of 0F */
    CHECK(!FIND("\x90\x90\xc3", &found));
    CHECK(!FIND("\x0f\x0b\xc3", &found));
    /* what does not return, writes memory, branches, calls */
    CHECK(!FIND("\x0f\x05\xf4\xc3", &found));
    CHECK(!FIND("\x0f\x05\x89\x07\xc3", &found));
    CHECK(!FIND("\x0f\x05\xeb\x00\xc3", &found));
    CHECK(!FIND("\x0f\x05\xe8\x00\x00\x00\x00\xc3", &found));
    CHECK(!FIND("\x0f\x05\xc2\x08\x00", &found));
    /* xor of two registers: %eax,%edx; %r8d,%eax; %eax,%r8d; and of memory */
    CHECK(!FIND("\x0f\x05\x31\xc2\xc3", &found));
    CHECK(!FIND("\x0f\x05\x44\x31\xc0\xc3", &found));
    CHECK(!FIND("\x0f\x05\x41\x31\xc0\xc3", &found));
    CHECK(!FIND("\x0f\x05\x31\x00\xc3", &found));
}

/* Each of these moves the stack pointer somewhere else. */
static void spares_the_stack_pointer(void)
{
    struct arch_gadget found;
    CHECK(!FIND("\x0f\x05\x5c\xc3", &found));         /* pop %rsp */
    CHECK(!FIND("\x0f\x05\x31\xe4\xc3", &found));     /* xor %esp,%esp */
    CHECK(!FIND("\x0f\x05\x48\x31\xe4\xc3", &found)); /* xor %rsp,%rsp */
    CHECK(!FIND("\x0f\x05\x48\x33\xe4\xc3", &found)); /* the same, the other way round */
    CHECK(!FIND("\x0f\x05\x31\xd2\xc9\xc3", &found)); /* leave, but not first */
    CHECK(!FIND("\x0f\x05\xc9\xc9\xc3", &found));     /* twice */
}

/* Every beginning of a good form, in memory that ends with it. */
static void stays_in_bounds(void)
{
    static const char whole[] = "\x0f\x05\xc9\x45\x31\xc9\x41\x5c\xc3";
    struct arch_gadget found;
    for (size_t length = 0; length < sizeof whole - 1; length++)
        CHECK(!find(whole, length, &found));
    CHECK(FIND(whole, &found));
}

static void is_of_bounded_length(void)
{
    char code[64] = "\x0f\x05";
    struct arch_gadget found;
    /* fifteen pops and a ret are sixteen instructions, one more is too many */
    memset(code + 2, 0x5b, 16);
    code[17] = (char)0xc3;
    CHECK(find(code, 18, &found) && found.words == 15);
    code[17] = 0x5b;
    code[18] = (char)0xc3;
    CHECK(!find(code, 19, &found));
}

const struct unit_test gadget_tests[] = {
    {"every accepted form is found, with its words", is_found},
    {"other instructions before ret are refused", is_refused},
    {"what changes the stack pointer is refused", spares_the_stack_pointer},
    {"nothing past the end is read", stays_in_bounds},
    {"a long way to ret is refused", is_of_bounded_length},
    {NULL, NULL},
};
