/* The initial stack (psABI 3.4.1), word by word: argc, argv, envp, auxv, then the bytes that they
 * point to. */
#include "maps.h"
#include "out.h"
#include "probe.h"

#include <elf.h>

enum { RANDOM_BYTES = 16 };

/* What a number means depends on no libc: <elf.h> may be older than the kernel. */
static const struct auxv_row {
    uint8_t type;
    char name[20];
    enum { NUMBER, FLAGS, PLACE, STRING } shape;
} auxv_rows[] = {
    {0, "null", NUMBER},         {1, "ignore", NUMBER},
    {2, "execfd", NUMBER},       {3, "phdr", PLACE},
    {4, "phent", NUMBER},        {5, "phnum", NUMBER},
    {6, "pagesz", NUMBER},       {7, "base", PLACE},
    {8, "flags", FLAGS},         {9, "entry", PLACE},
    {10, "notelf", NUMBER},      {11, "uid", NUMBER},
    {12, "euid", NUMBER},        {13, "gid", NUMBER},
    {14, "egid", NUMBER},        {15, "platform", STRING},
    {16, "hwcap", FLAGS},        {17, "clktck", NUMBER},
    {23, "secure", NUMBER},      {24, "base-platform", STRING},
    {25, "random", PLACE},       {26, "hwcap2", FLAGS},
    {27, "rseq-size", NUMBER},   {28, "rseq-align", NUMBER},
    {29, "hwcap3", FLAGS},       {30, "hwcap4", FLAGS},
    {31, "execfn", STRING},      {32, "sysinfo", PLACE},
    {33, "sysinfo-ehdr", PLACE}, {51, "minsigstksz", NUMBER},
};

uint64_t auxv_value(uint64_t type)
{
    for (const uint64_t *at = ground.auxv; at[0] != AT_NULL; at += 2) {
        if (at[0] == type)
            return at[1];
    }
    return 0;
}

void look_start(void)
{
    struct maps_line line;
    ground.sp = (const uint64_t *)probe_entry.general[ENTRY_RSP];
    const uint64_t *word = ground.sp + 1 + *ground.sp + 1;
    while (*word++ != 0)
        ;
    ground.auxv = word;
    while (*word != AT_NULL)
        word += 2;
    ground.auxv_end = word + 2;
    maps_read();
    if (maps_find("[stack]", &line)) {
        ground.stack_start = line.start;
        ground.stack_end = line.end;
    }
    /* no linker at all, or the probe itself is in its place */
    uint64_t base = auxv_value(AT_BASE);
    ground.fresh = base == 0 || base == (uintptr_t)__ehdr_start;
}

/* argv or envp. The strings follow one another; where one does not, that is said. */
static const uint64_t *look_vector(const char *name, const uint64_t *vector, uint64_t *next)
{
    uint64_t i = 0;
    for (; vector[i] != 0; i++) {
        const char *text = (const char *)vector[i];
        out_item_number(name, i);
        out_address(vector[i]);
        out_text(vector[i] == *next || *next == 0 ? " " : " (not after the one before) ");
        out_quoted(text);
        out_end();
        while (*text++ != '\0')
            ;
        *next = (uintptr_t)text;
    }
    return vector + i + 1;
}

static void look_auxv(void)
{
    uint64_t count = 0;
    for (const uint64_t *at = ground.auxv; at < ground.auxv_end; at += 2, count++) {
        const struct auxv_row *row = auxv_rows;
        while (row < auxv_rows + sizeof auxv_rows / sizeof *auxv_rows && row->type != at[0])
            row++;
        bool known = row < auxv_rows + sizeof auxv_rows / sizeof *auxv_rows;
        out_text("auxv.");
        if (known)
            out_text(row->name);
        else
            out_decimal((int64_t)at[0]);
        out_text(": ");
        if (!known || row->shape == NUMBER)
            out_decimal((int64_t)at[1]);
        else if (row->shape == FLAGS)
            out_hex(at[1]);
        else
            out_address(at[1]);
        if (known && row->shape == STRING && at[1] != 0) {
            out_text(" ");
            out_quoted((const char *)at[1]);
        }
        out_end();
    }
    out_line_decimal("auxv-count", (int64_t)count);
}

static void look_auxv_truth(void)
{
    const unsigned char *random = (const unsigned char *)auxv_value(AT_RANDOM);
    bool zero = true;
    for (int i = 0; random != NULL && i < RANDOM_BYTES; i++)
        zero = zero && random[i] == 0;
    out_line_text("auxv-check.random", zero ? "all zero" : "not all zero");

    const Elf64_Ehdr *header = (const Elf64_Ehdr *)__ehdr_start;
    uint64_t phdr = auxv_value(AT_PHDR);
    out_line_text("auxv-check.phdr",
                  phdr == (uintptr_t)header + header->e_phoff ? "the probe's" : "another's");
    out_line_text("auxv-check.phnum",
                  auxv_value(AT_PHNUM) == header->e_phnum ? "the probe's" : "another's");
    out_line_text("auxv-check.entry",
                  auxv_value(AT_ENTRY) == (uintptr_t)probe_start ? "the probe's" : "another's");
    const unsigned char *base = (const unsigned char *)auxv_value(AT_BASE);
    out_line_text("auxv-check.base", base == NULL                        ? "no linker"
                                     : base[0] == 0x7f && base[1] == 'E' ? "an ELF header"
                                                                         : "no ELF header");
    /* the first words of what AT_PHDR points to: a program header table in both cases */
    const Elf64_Phdr *headers = (const Elf64_Phdr *)phdr;
    for (uint64_t i = 0; headers != NULL && i < auxv_value(AT_PHNUM); i++) {
        out_item_number("phdr", i);
        out_hex(headers[i].p_type);
        out_text(" ");
        out_hex(headers[i].p_vaddr);
        out_text(" +");
        out_hex(headers[i].p_memsz);
        out_end();
    }
}

void look_stack(void)
{
    uint64_t sp = (uintptr_t)ground.sp, next = 0;
    out_line_address("stack.start", ground.stack_start);
    out_line_address("stack.end", ground.stack_end);
    out_line_address("stack.below.length", sp - ground.stack_start); /* the start is page-aligned */
    out_line_address("stack.sp", sp);
    out_line_decimal("stack.sp-modulo-16", (int64_t)(sp % 16));
    out_line_decimal("argc", (int64_t)*ground.sp);
    look_vector("envp", look_vector("argv", ground.sp + 1, &next), &next);
    look_auxv();
    look_auxv_truth();

    /* the bytes above auxv; where the random ones and padding are depends on randomness */
    uint64_t random = auxv_value(AT_RANDOM), start = (uintptr_t)ground.auxv_end, hash = HASH_START;
    bool inside = random >= start && random < ground.stack_end - RANDOM_BYTES;
    uint64_t middle = inside ? random : ground.stack_end;
    hash = hash_bytes(hash, (const void *)start, middle - start);
    if (inside)
        hash = hash_bytes(hash, (const void *)(random + RANDOM_BYTES),
                          ground.stack_end - random - RANDOM_BYTES);
    out_line_address("stack.bytes-above-auxv", hash);
    out_line_text("stack.random-bytes", inside ? "above auxv" : "elsewhere");
    /* strings, file name, 8 bytes of zero: how far the last string is from the end */
    out_line_decimal("stack.after-strings", (int64_t)(ground.stack_end - next));
}
