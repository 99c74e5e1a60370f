/* arch_gadget_find(), arch_restorer_find() and arch_exit_write() on hand-made code. The bytes are
 * from the SDM, vol. 2: syscall is 0F 05, ret is C3. */
#include "loader/arch.h"
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

/* The call's number is the kernel's: 15 (<asm/unistd_64.h>). */
enum { SYSCALL = 0x777, RT_SIGRETURN = 15 };

static bool find_restorer(const char *code, size_t length, struct arch_restorer *found)
{
    unsigned char *copy = malloc(length == 0 ? 1 : length);
    if (copy == NULL)
        abort();
    memcpy(copy, code, length);
    memset(found, 0xa5, sizeof *found);
    bool result = arch_restorer_find(copy, length, BASE, SYSCALL, found);
    free(copy);
    return result;
}

static bool takes_one(const char *code, size_t length, size_t at)
{
    struct arch_restorer found;
    return find_restorer(code, length, &found) && found.count == 1 && found.words[0] == BASE + at;
}

static bool takes_three(const char *code, size_t length, size_t at)
{
    struct arch_restorer found;
    return find_restorer(code, length, &found) && found.count == 3 && found.words[0] == BASE + at &&
           found.words[1] == RT_SIGRETURN && found.words[2] == SYSCALL;
}

#define BYTES(code) code, sizeof(code) - 1

static void finds_a_restorer(void)
{
    struct arch_restorer found;
    /* mov $15, %rax and mov $15, %eax, then syscall */
    CHECK(takes_one(BYTES("\x48\xc7\xc0\x0f\0\0\0\x0f\x05"), 0));
    CHECK(takes_one(BYTES("\x90\xb8\x0f\0\0\0\x0f\x05"), 1));
    /* pop %rax; ret, also at the end of pop %r8; ret */
    CHECK(takes_three(BYTES("\x58\xc3"), 0));
    CHECK(takes_three(BYTES("\x90\x41\x58\xc3"), 2));
    /* another number, another register, a longer way to syscall */
    CHECK(!find_restorer(BYTES("\x48\xc7\xc0\x0e\0\0\0\x0f\x05"), &found));
    CHECK(!find_restorer(BYTES("\x48\xc7\xc7\x0f\0\0\0\x0f\x05"), &found));
    CHECK(!find_restorer(BYTES("\xb8\x0f\0\0\0\x90\x0f\x05"), &found));
    CHECK(!find_restorer(BYTES("\x0f\0\0\0\x0f\x05"), &found));
    CHECK(!find_restorer(BYTES("\x5f\xc3\x58"), &found));
    CHECK(!find_restorer(BYTES(""), &found));
}

/* The search goes by chunks of 64 KiB: either form across and beyond their edges. */
static void finds_a_restorer_anywhere(void)
{
    static const char one[] = "\x48\xc7\xc0\x0f\0\0\0\x0f\x05", three[] = "\x58\xc3";
    enum { LENGTH = 3 * 65536 };
    char *code = malloc(LENGTH);
    if (code == NULL)
        abort();
    for (size_t edge = 65536; edge <= LENGTH; edge += 65536) {
        for (size_t before = edge == LENGTH ? sizeof one - 1 : 0; before < 12; before++) {
            memset(code, 0x90, LENGTH);
            memcpy(code + edge - before, one, sizeof one - 1);
            CHECK(takes_one(code, LENGTH, edge - before));
        }
        for (size_t before = edge == LENGTH ? sizeof three - 1 : 0; before < 4; before++) {
            memset(code, 0x90, LENGTH);
            memcpy(code + edge - before, three, sizeof three - 1);
            CHECK(takes_three(code, LENGTH, edge - before));
        }
    }
    free(code);
}

/* Offsets in the kernel's struct ucontext: <asm/ucontext.h>, <asm/sigcontext.h>, counted by hand.
 */
static void fills_a_frame(void)
{
    /* three words of the gadget's, the restorer's one, the frame */
    enum { FRAME = 304, BEFORE = 4 * 8 };
    const struct arch_exit exit = {.gadget = {.words = 3}, .restorer = {1, {0x4444}}};
    unsigned char all[BEFORE + FRAME];
    const unsigned char *bytes = all + BEFORE;
    uint64_t word;
    memset(all, 0xa5, sizeof all);
    CHECK(arch_exit_bytes(&exit) == sizeof all && arch_exit_frame_bytes(&exit) == FRAME);
    arch_exit_write(&exit, all, 0x1111, 0x2222, 0x3333);
    for (size_t at = 0; at < BEFORE; at += sizeof word) {
        memcpy(&word, all + at, sizeof word);
        CHECK(word == (at == BEFORE - 8 ? 0x4444 : 0));
    }
    for (size_t at = 0; at < FRAME; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        uint64_t expected = at == 0     ? 6                    /* UC_SIGCONTEXT_SS and strict */
                            : at == 24  ? 2                    /* SS_DISABLE */
                            : at == 160 ? 0x1111               /* rsp */
                            : at == 168 ? 0x2222               /* rip */
                            : at == 176 ? 0x202                /* flags */
                            : at == 184 ? 0x33 | 0x2bull << 48 /* cs, gs, fs, ss */
                            : at == 296 ? 0x3333               /* mask */
                                        : 0;
        if (!CHECK(word == expected))
            printf("# offset %zu: 0x%llx\n", at, (unsigned long long)word);
    }
}

const struct unit_test gadget_tests[] = {
    {"both forms of a restorer are found, and nothing else", finds_a_restorer},
    {"a restorer is found wherever it is", finds_a_restorer_anywhere},
    {"a frame is laid out as the kernel reads it", fills_a_frame},
    {"every accepted form is found, with its words", is_found},
    {"other instructions before ret are refused", is_refused},
    {"what changes the stack pointer is refused", spares_the_stack_pointer},
    {"nothing past the end is read", stays_in_bounds},
    {"a long way to ret is refused", is_of_bounded_length},
    {NULL, NULL},
};
