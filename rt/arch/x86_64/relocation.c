/* Names of relocation types, for traces and messages. */
#include "arch.h"

#include <elf.h>
#include <stddef.h>

/* The dynamic ones (psABI table 4.9). Not handled, and refused by name: what only x32 has
 * (RELATIVE64), and what static linkers leave in no dynamic object (GOT32, PLT32, GOTPCREL,
 * TLSGD, ...), which have no name here. */
static const char *const names[] = {
    [R_X86_64_NONE] = "NONE",         [R_X86_64_64] = "64",
    [R_X86_64_PC32] = "PC32",         [R_X86_64_COPY] = "COPY",
    [R_X86_64_GLOB_DAT] = "GLOB_DAT", [R_X86_64_JUMP_SLOT] = "JUMP_SLOT",
    [R_X86_64_RELATIVE] = "RELATIVE", [R_X86_64_32] = "32",
    [R_X86_64_DTPMOD64] = "DTPMOD64", [R_X86_64_DTPOFF64] = "DTPOFF64",
    [R_X86_64_TPOFF64] = "TPOFF64",   [R_X86_64_PC64] = "PC64",
    [R_X86_64_SIZE32] = "SIZE32",     [R_X86_64_SIZE64] = "SIZE64",
    [R_X86_64_TLSDESC] = "TLSDESC",   [R_X86_64_IRELATIVE] = "IRELATIVE",
};

/* Names for messages only: psABI table 4.9, by number, because musl's <elf.h> has not got all. */
static const struct {
    uint32_t type;
    char name[20];
} refused[] = {
    {3, "GOT32"},
    {4, "PLT32"},
    {9, "GOTPCREL"},
    {11, "32S"},
    {12, "16"},
    {13, "PC16"},
    {14, "8"},
    {15, "PC8"},
    {19, "TLSGD"},
    {20, "TLSLD"},
    {21, "DTPOFF32"},
    {22, "GOTTPOFF"},
    {23, "TPOFF32"},
    {25, "GOTOFF64"},
    {26, "GOTPC32"},
    {27, "GOT64"},
    {28, "GOTPCREL64"},
    {29, "GOTPC64"},
    {30, "GOTPLT64"},
    {31, "PLTOFF64"},
    {34, "GOTPC32_TLSDESC"},
    {35, "TLSDESC_CALL"},
    {38, "RELATIVE64"},
    {39, "PC32_BND"},
    {40, "PLT32_BND"},
    {41, "GOTPCRELX"},
    {42, "REX_GOTPCRELX"},
};

const char *arch_relocation_name(uint32_t type)
{
    if (type < sizeof names / sizeof *names)
        return names[type];
    return NULL;
}

const char *arch_relocation_static_name(uint32_t type)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].type == type)
            return refused[i].name;
    return NULL;
}
