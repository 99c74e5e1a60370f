/* A static PIE relocates itself: the kernel loads it at any address, and there is no linker.
 *
 * The code runs before anything else. So it uses no address that a relocation fills in, calls
 * nothing, and has no string or table: all addresses are relative to the instruction pointer. */
#include <elf.h>
#include <stddef.h>
#include <stdint.h>

__attribute__((visibility("hidden"))) void __self_relocate(const Elf64_Dyn *dynamic,
                                                           uintptr_t linked);

/* DT_RELR and related tags are newer than musl's <elf.h>. gABI, "Relocation": RELR. */
enum { RELR = 36, RELR_SIZE = 35 };

/* An even entry is the address of a word; an odd entry is a bitmap of the next 63 words. */
static inline void relr_apply(uintptr_t bias, const uint64_t *relr, size_t size)
{
    uint64_t *where = NULL;

    for (const uint64_t *entry = relr; entry < relr + size / sizeof *relr; entry++) {
        if (*entry & 1) {
            uint64_t *word = where;
            for (uint64_t bits = *entry >> 1; bits; bits >>= 1, word++)
                if (bits & 1)
                    *word += bias;
            where += 63;
        } else {
            where = (uint64_t *)(bias + *entry);
            *where++ += bias;
        }
    }
}

static inline void rela_apply(uintptr_t bias, const Elf64_Rela *rela, const Elf64_Rela *end)
{
    for (; rela < end; rela++)
        *(uint64_t *)(bias + rela->r_offset) = bias + (uint64_t)rela->r_addend;
}

/* Resolvers of ifuncs run last, when all other relocations are done. */
static inline void irelative_apply(uintptr_t bias, const Elf64_Rela *rela, const Elf64_Rela *end)
{
    for (; rela < end; rela++)
        if (ELF64_R_TYPE(rela->r_info) == R_X86_64_IRELATIVE)
            *(uint64_t *)(bias + rela->r_offset) =
                ((uint64_t(*)(void))(bias + (uint64_t)rela->r_addend))();
}

void __self_relocate(const Elf64_Dyn *dynamic, uintptr_t linked)
{
    uintptr_t bias = (uintptr_t)dynamic - linked;
    uintptr_t rela = 0, relr = 0, jump = 0;
    size_t rela_size = 0, relative = 0, relr_size = 0, jump_size = 0;
    const Elf64_Rela *first, *rest, *end;

    for (; dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_RELA)
            rela = dynamic->d_un.d_ptr;
        else if (dynamic->d_tag == DT_RELASZ)
            rela_size = dynamic->d_un.d_val;
        else if (dynamic->d_tag == DT_RELACOUNT)
            relative = dynamic->d_un.d_val;
        else if (dynamic->d_tag == RELR)
            relr = dynamic->d_un.d_ptr;
        else if (dynamic->d_tag == RELR_SIZE)
            relr_size = dynamic->d_un.d_val;
        else if (dynamic->d_tag == DT_JMPREL)
            jump = dynamic->d_un.d_ptr;
        else if (dynamic->d_tag == DT_PLTRELSZ)
            jump_size = dynamic->d_un.d_val;
    }
    relr_apply(bias, (const uint64_t *)(bias + relr), relr_size);

    /* DT_RELACOUNT: the number of R_X86_64_RELATIVE at the beginning. */
    first = (const Elf64_Rela *)(bias + rela);
    rest = first + relative;
    end = first + rela_size / sizeof *first;
    rela_apply(bias, first, rest);
    for (const Elf64_Rela *entry = rest; entry < end; entry++)
        if (ELF64_R_TYPE(entry->r_info) == R_X86_64_RELATIVE)
            rela_apply(bias, entry, entry + 1);
    irelative_apply(bias, rest, end);
    first = (const Elf64_Rela *)(bias + jump);
    irelative_apply(bias, first, first + jump_size / sizeof *first);
}
