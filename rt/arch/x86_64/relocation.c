/* The relocation types of x86-64: psABI table 4.9. */
#include "arch.h"

#include <stddef.h>

/* The types of dynamic objects. The others are refused by name: RELATIVE64 is x32's, and link
 * editors leave the rest (GOT32, PLT32, GOTPCREL, TLSGD, ...) in no dynamic object. */
static const struct relocation_type types[] = {
    [R_X86_64_NONE] = {"NONE", RELOCATION_NONE, 0},
    [R_X86_64_64] = {"64", RELOCATION_SYMBOL, 8},
    [R_X86_64_PC32] = {"PC32", RELOCATION_DISTANCE, 4},
    [R_X86_64_COPY] = {"COPY", RELOCATION_COPY, 0},
    [R_X86_64_GLOB_DAT] = {"GLOB_DAT", RELOCATION_GOT, 8},
    [R_X86_64_JUMP_SLOT] = {"JUMP_SLOT", RELOCATION_SLOT, 8},
    [R_X86_64_RELATIVE] = {"RELATIVE", RELOCATION_RELATIVE, 8},
    [R_X86_64_32] = {"32", RELOCATION_SYMBOL, 4},
    [R_X86_64_DTPMOD64] = {"DTPMOD64", RELOCATION_MODULE, 8},
    [R_X86_64_DTPOFF64] = {"DTPOFF64", RELOCATION_OFFSET, 8},
    [R_X86_64_TPOFF64] = {"TPOFF64", RELOCATION_STATIC, 8},
    [R_X86_64_PC64] = {"PC64", RELOCATION_DISTANCE, 8},
    [R_X86_64_SIZE32] = {"SIZE32", RELOCATION_SIZE, 4},
    [R_X86_64_SIZE64] = {"SIZE64", RELOCATION_SIZE, 8},
    [R_X86_64_TLSDESC] = {"TLSDESC", RELOCATION_TLSDESC, 16},
    [R_X86_64_IRELATIVE] = {"IRELATIVE", RELOCATION_IFUNC, 8},
};

/* The other types, for messages: psABI table 4.9, by number, because musl's <elf.h> lacks some. */
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

const struct relocation_type *arch_relocation_type(uint32_t type)
{
    if (type < sizeof types / sizeof *types && types[type].name[0] != 0)
        return &types[type];
    return NULL;
}

const char *arch_relocation_static_name(uint32_t type)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].type == type)
            return refused[i].name;
    return NULL;
}
