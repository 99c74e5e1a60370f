/* auxv: the stack as it is when a program starts, read from the stack itself.
 *
 * execve, or a loader in its place, writes these one after the other, lowest address first:
 *
 *     argc                           one word; rsp points here at the entry point
 *     argv[0] ... argv[argc-1] NULL
 *     envp[0] ...              NULL
 *     auxv: pairs (type, value)      until type is AT_NULL; System V psABI, section 3.4.1
 *     (a gap, then the strings and bytes that the pointers above point to)
 *
 * main receives pointers into this stack, and finds everything else by walking up from them.
 * getauxval() returns the values too, but not their addresses. Two runs at equal addresses and with
 * the same environment differ only in the 16 bytes of AT_RANDOM.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/* The numbers are part of the kernel's ABI and never change. The table is written out because the
 * <elf.h> of a libc has only the numbers that existed at the release of that libc. The numbers that
 * are missing here (18 to 22, 34 to 50) belong to other machines or to none. */
static const struct auxv_type {
    uint64_t number;
    const char *name;
    enum { NUMBER, STRING, RANDOM } shape; /* of the value, or of what it points to */
} auxv_types[] = {
    {0, "AT_NULL", NUMBER},           /* ends the vector */
    {1, "AT_IGNORE", NUMBER},         /* this entry means nothing */
    {2, "AT_EXECFD", NUMBER},         /* the program's descriptor, from binfmt_misc */
    {3, "AT_PHDR", NUMBER},           /* where its program headers are mapped */
    {4, "AT_PHENT", NUMBER},          /* the size of one, bytes */
    {5, "AT_PHNUM", NUMBER},          /* how many */
    {6, "AT_PAGESZ", NUMBER},         /* bytes */
    {7, "AT_BASE", NUMBER},           /* where the dynamic linker is mapped; 0 if there is none */
    {8, "AT_FLAGS", NUMBER},          /* AT_FLAGS_PRESERVE_ARGV0, else 0 */
    {9, "AT_ENTRY", NUMBER},          /* the program's first instruction, not the linker's */
    {10, "AT_NOTELF", NUMBER},        /* nonzero if the program is no ELF file */
    {11, "AT_UID", NUMBER},           /* real user */
    {12, "AT_EUID", NUMBER},          /* effective user */
    {13, "AT_GID", NUMBER},           /* real group */
    {14, "AT_EGID", NUMBER},          /* effective group */
    {15, "AT_PLATFORM", STRING},      /* "x86_64", for $PLATFORM in library paths */
    {16, "AT_HWCAP", NUMBER},         /* CPUID leaf 1, edx */
    {17, "AT_CLKTCK", NUMBER},        /* ticks per second of times(2) */
    {23, "AT_SECURE", NUMBER},        /* 1 for set-user-ID and the like: distrust envp */
    {24, "AT_BASE_PLATFORM", STRING}, /* the real CPU, if AT_PLATFORM names another */
    {25, "AT_RANDOM", RANDOM},        /* 16 random bytes, e.g. for the stack protector */
    {26, "AT_HWCAP2", NUMBER},        /* bit 0: ring 3 MWAIT, bit 1: FSGSBASE */
    {27, "AT_RSEQ_FEATURE_SIZE", NUMBER}, /* bytes of struct rseq that this kernel fills */
    {28, "AT_RSEQ_ALIGN", NUMBER},        /* alignment of that struct, bytes */
    {29, "AT_HWCAP3", NUMBER},
    {30, "AT_HWCAP4", NUMBER},
    {31, "AT_EXECFN", STRING},       /* the path that was given to execve */
    {32, "AT_SYSINFO", NUMBER},      /* 32-bit x86 only: the kernel's entry point */
    {33, "AT_SYSINFO_EHDR", NUMBER}, /* the ELF header of the vDSO */
    {51, "AT_MINSIGSTKSZ", NUMBER},  /* room a signal frame needs on this CPU, bytes */
};

static const struct auxv_type *auxv_type_find(uint64_t number)
{
    for (size_t i = 0; i < sizeof auxv_types / sizeof auxv_types[0]; i++)
        if (auxv_types[i].number == number)
            return &auxv_types[i];
    return NULL;
}

static void print_string(const char *text)
{
    printf(" \"");
    for (; *text != '\0'; text++)
        putchar(*text >= 0x20 && *text <= 0x7e ? *text : '.'); /* keep one entry on one line */
    putchar('"');
}

static void print_random(const unsigned char *bytes)
{
    for (int i = 0; i < 16; i++)
        printf(" %02x", bytes[i]);
}

/* Prints a vector of strings and returns the address after its closing NULL. */
static void *print_strings(const char *name, char **vector)
{
    printf("\n%s at %p\n", name, (void *)vector);
    for (int i = 0;; i++) {
        printf("  %p  %s[%d] ", (void *)&vector[i], name, i);
        if (vector[i] == NULL) {
            printf("NULL\n");
            return &vector[i + 1];
        }
        printf("%p", (void *)vector[i]);
        print_string(vector[i]);
        putchar('\n');
    }
}

static void print_auxv(const uint64_t *entry)
{
    printf("\nauxv at %p\n", (const void *)entry);
    for (;; entry += 2) {
        uint64_t number = entry[0], value = entry[1];
        const struct auxv_type *type = auxv_type_find(number);
        char unknown[32];

        if (!type)
            snprintf(unknown, sizeof unknown, "AT_%" PRIu64, number);
        printf("  %p  %-20s  0x%" PRIx64, (const void *)entry, type ? type->name : unknown, value);
        if (type && type->shape == STRING && value != 0)
            print_string((const char *)(uintptr_t)value);
        if (type && type->shape == RANDOM && value != 0)
            print_random((const unsigned char *)(uintptr_t)value);
        putchar('\n');
        if (number == 0)
            return;
    }
}

int main(int argc, char **argv, char **envp)
{
    /* The word below argv[0] is argc as the loader wrote it; main's argument must be equal. */
    const uint64_t *argc_word = (const uint64_t *)(const void *)argv - 1;

    printf("argc at %p\n  %p  argc %" PRIu64 "%s\n", (const void *)argc_word,
           (const void *)argc_word, *argc_word,
           *argc_word == (uint64_t)argc ? "" : " (but main was given another)");

    void *after_argv = print_strings("argv", argv);
    void *after_envp = print_strings("envp", envp);

    print_auxv(after_envp);
    return after_argv == envp ? 0 : 1; /* the vectors must lie back to back */
}
