#include "elf/names.h"

#include <elf.h>
#include <stddef.h>

struct name {
    uint32_t value;
    const char *text;
};

static const struct name segment_names[] = {
    {PT_NULL, "NULL"},
    {PT_LOAD, "LOAD"},
    {PT_DYNAMIC, "DYNAMIC"},
    {PT_INTERP, "INTERP"},
    {PT_NOTE, "NOTE"},
    {PT_SHLIB, "SHLIB"},
    {PT_PHDR, "PHDR"},
    {PT_TLS, "TLS"},
    {PT_GNU_EH_FRAME, "GNU_EH_FRAME"},
    {PT_GNU_STACK, "GNU_STACK"},
    {PT_GNU_RELRO, "GNU_RELRO"},
    {0x6474e553, "GNU_PROPERTY"},
};

static const struct name machine_names[] = {
    {EM_386, "i386"},         {EM_X86_64, "x86-64"}, {EM_ARM, "ARM"},
    {EM_AARCH64, "AArch64"},  {EM_RISCV, "RISC-V"},  {EM_PPC, "PowerPC"},
    {EM_PPC64, "PowerPC64"},  {EM_S390, "S/390"},    {EM_MIPS, "MIPS"},
    {EM_SPARCV9, "SPARC V9"}, {EM_IA_64, "Itanium"}, {EM_68K, "m68k"},
    {258, "LoongArch"},
};

static const struct name file_types[] = {
    {ET_NONE, "ET_NONE"},
    {ET_REL, "ET_REL, a relocatable object: link it first"},
    {ET_EXEC, "ET_EXEC"},
    {ET_DYN, "ET_DYN"},
    {ET_CORE, "ET_CORE, a core dump"},
};

static const char *name_find(const struct name *names, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].value == value)
            return names[i].text;
    }
    return NULL;
}

#define NAME_FIND(names, value) name_find((names), sizeof(names) / sizeof(names)[0], (value))

const char *elf_segment_name(uint32_t type)
{
    return NAME_FIND(segment_names, type);
}

const char *elf_machine_name(uint16_t machine)
{
    return NAME_FIND(machine_names, machine);
}

const char *elf_type_name(uint16_t type)
{
    return NAME_FIND(file_types, type);
}

void elf_flags_text(uint32_t flags, char text[4])
{
    text[0] = (flags & PF_R) != 0 ? 'r' : '-';
    text[1] = (flags & PF_W) != 0 ? 'w' : '-';
    text[2] = (flags & PF_X) != 0 ? 'x' : '-';
    text[3] = '\0';
}
