/* lazy-binding: the first call of a function finds it, the second goes straight there.
 *
 * A call of a library's function goes to an entry of the program's own PLT, which jumps to the
 * address in a slot of the GOT. With lazy binding the slot at first holds the address of the rest
 * of the same PLT entry. That code pushes the relocation's number and jumps, by the first entry of
 * the PLT, to the resolver; the resolver finds the function, writes its address into the slot, and
 * jumps to it. A linker that binds at the start writes the function's address into the slot before
 * main: musl's always does, others do with LD_BIND_NOW.
 *
 * The program finds the slot as a linker does: _DYNAMIC has the address of the relocations for the
 * PLT (DT_JMPREL), and each relocation names a symbol and a slot. psABI: Procedure Linkage Table;
 * gABI: Dynamic Section. The program is linked with -z lazy. A static program has neither a PLT nor
 * a slot for getppid.
 */
#define _GNU_SOURCE
#include "maps.h"
#include "pause.h"
#include <elf.h>

/* ld defines both. Without a dynamic section the address of _DYNAMIC is NULL. */
extern Elf64_Dyn _DYNAMIC[] __attribute__((weak, visibility("hidden")));
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

struct slot {
    uintptr_t *at;           /* the slot; NULL: there is none */
    unsigned relocation, of; /* its index in DT_JMPREL, and their number */
};

/* The bias: it is added to the addresses in the program's file. */
static uintptr_t program_base(void)
{
    return __ehdr_start.e_type == ET_DYN ? (uintptr_t)&__ehdr_start : 0;
}

/* The address that an entry of _DYNAMIC means. glibc's linker adds the bias to the entry in memory;
 * others leave the entry as it is in the file. */
static const void *dynamic_pointer(uintptr_t value)
{
    return (const void *)(value < program_base() ? program_base() + value : value);
}

/* The slot of the GOT through which the program's PLT calls `name`. */
static struct slot slot_find(const char *name)
{
    struct slot slot = {0};
    const Elf64_Rela *relocations = NULL;
    const Elf64_Sym *symbols = NULL;
    const char *strings = NULL;

    for (const Elf64_Dyn *entry = _DYNAMIC; entry && entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_JMPREL:
            relocations = dynamic_pointer(entry->d_un.d_ptr);
            break;
        case DT_PLTRELSZ:
            slot.of = (unsigned)(entry->d_un.d_val / sizeof *relocations);
            break;
        case DT_SYMTAB:
            symbols = dynamic_pointer(entry->d_un.d_ptr);
            break;
        case DT_STRTAB:
            strings = dynamic_pointer(entry->d_un.d_ptr);
            break;
        default:
            break;
        }
    }
    if (!relocations || !symbols || !strings)
        return slot;
    for (unsigned i = 0; i < slot.of; i++) {
        const Elf64_Sym *symbol = &symbols[ELF64_R_SYM(relocations[i].r_info)];

        if (ELF64_R_TYPE(relocations[i].r_info) == R_X86_64_JUMP_SLOT &&
            strcmp(strings + symbol->st_name, name) == 0) {
            slot.at = (uintptr_t *)(program_base() + relocations[i].r_offset);
            slot.relocation = i;
        }
    }
    return slot;
}

/* Returns NUMBER if the second half of a PLT entry, `push $NUMBER`, is at `address` (after an
 * endbr64 in the IBT form of the PLT), or -1. */
static long plt_number(uintptr_t address)
{
    static const unsigned char endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const unsigned char *code = (const unsigned char *)address;
    uint32_t number;

    if (memcmp(code, endbr64, sizeof endbr64) == 0)
        code += sizeof endbr64;
    if (code[0] != 0x68)
        return -1;
    memcpy(&number, code + 1, sizeof number);
    return number;
}

/* Prints one step: the value of the slot at that moment, and the mapping that the value is in. */
static void step_print(const char *step, uintptr_t value)
{
    struct mapping map;

    mapping_find(value, &map);
    printf("%-22s %#14zx  ", step, (size_t)value);
    mapping_print(&map);
}

int main(int argc, char **argv)
{
    uintptr_t before, first, second;
    struct slot slot;

    pause_prepare(argc, argv);
    output_prepare();
    slot = slot_find("getppid");
    if (!slot.at) {
        printf("no relocation in DT_JMPREL names getppid: this program is static, it calls it "
               "directly\n");
        return 0;
    }

    printf("getppid: slot at %#zx, relocation %u of the %u for the PLT\n\n", (size_t)slot.at,
           slot.relocation, slot.of);
    pause_at("getppid has not been called");
    before = *(volatile uintptr_t *)slot.at;
    getppid();
    first = *(volatile uintptr_t *)slot.at;
    pause_at("getppid has been called");
    getppid();
    second = *(volatile uintptr_t *)slot.at;

    printf("%-22s %14s  %s\n", "THE SLOT", "HOLDS", "IN THE MAPPING");
    step_print("before the first call", before);
    step_print("after the first call", first);
    step_print("after the second call", second);
    if (before == first)
        printf("\nbound before main: the slot held the function's address from the start\n");
    else if (plt_number(before) == (long)slot.relocation)
        printf("\nbound by the first call: before it the slot led back into the PLT, to push %u\n",
               slot.relocation);
    else
        printf("\nbound by the first call: before it the slot did not lead to its PLT entry\n");
    return 0;
}
