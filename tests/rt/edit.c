/* Changes single fields of an ELF file, to damage it: edit FILE PLACE=VALUE... A VALUE is a number,
 * or +N or -N from what is there. `edit FILE PLACE` prints what is there.
 *
 *     ehdr.FIELD  phdr.TYPE.N.FIELD            the headers; N: of that type, from 0
 *     dyn.TAG.N.tag  dyn.TAG.N.value           the dynamic section
 *     hash.N  gnu.N                            words of DT_HASH and DT_GNU_HASH
 *     gnu.bucket.N  gnu.chain.N                parts of the latter
 *     sym.NAME.FIELD  versym.NAME              a dynamic symbol; NAME: or #N
 *     rela.N.FIELD  jump.N.FIELD  relr.N       relocations; for N also a symbol's name: its first
 *     verdef.N.FIELD  verneed.N.FIELD          the first auxiliary entry's are FIELD aux_...
 *     byte.ADDRESS  word.ADDRESS               what is at a virtual address
 */
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char *file;
static size_t size;
static Elf64_Ehdr *header;
static Elf64_Phdr *headers;

/* A field: its name, where in its record, bytes. */
struct field {
    const char *name;
    size_t offset, size;
};

#define FIELD(type, prefix, name)                                                                  \
    {                                                                                              \
#name, offsetof(type, prefix##name), sizeof(((type *)0)->prefix##name)                     \
    }
#define AUX(type, prefix, name, after)                                                             \
    {                                                                                              \
        "aux_" #name, after + offsetof(type, prefix##name), sizeof(((type *)0)->prefix##name)      \
    }

static const struct field ehdr_fields[] = {
    FIELD(Elf64_Ehdr, e_, type),
    FIELD(Elf64_Ehdr, e_, machine),
    FIELD(Elf64_Ehdr, e_, entry),
    FIELD(Elf64_Ehdr, e_, phoff),
    FIELD(Elf64_Ehdr, e_, phentsize),
    FIELD(Elf64_Ehdr, e_, phnum),
    {"class", EI_CLASS, 1},
    {"data", EI_DATA, 1},
    {"magic", 0, 4},
    {NULL, 0, 0},
};
static const struct field phdr_fields[] = {
    FIELD(Elf64_Phdr, p_, type),   FIELD(Elf64_Phdr, p_, flags),
    FIELD(Elf64_Phdr, p_, offset), FIELD(Elf64_Phdr, p_, vaddr),
    FIELD(Elf64_Phdr, p_, filesz), FIELD(Elf64_Phdr, p_, memsz),
    FIELD(Elf64_Phdr, p_, align),  {NULL, 0, 0},
};
static const struct field dyn_fields[] = {{"tag", 0, 8}, {"value", 8, 8}, {NULL, 0, 0}};
static const struct field sym_fields[] = {
    FIELD(Elf64_Sym, st_, name),
    FIELD(Elf64_Sym, st_, info),
    FIELD(Elf64_Sym, st_, other),
    FIELD(Elf64_Sym, st_, shndx),
    FIELD(Elf64_Sym, st_, value),
    FIELD(Elf64_Sym, st_, size),
    {NULL, 0, 0},
};
static const struct field rela_fields[] = {
    {"offset", 0, 8}, {"type", 8, 4}, {"sym", 12, 4}, {"addend", 16, 8}, {NULL, 0, 0}};
static const struct field verdef_fields[] = {
    FIELD(Elf64_Verdef, vd_, version),
    FIELD(Elf64_Verdef, vd_, flags),
    FIELD(Elf64_Verdef, vd_, ndx),
    FIELD(Elf64_Verdef, vd_, cnt),
    FIELD(Elf64_Verdef, vd_, hash),
    FIELD(Elf64_Verdef, vd_, aux),
    FIELD(Elf64_Verdef, vd_, next),
    AUX(Elf64_Verdaux, vda_, name, sizeof(Elf64_Verdef)),
    AUX(Elf64_Verdaux, vda_, next, sizeof(Elf64_Verdef)),
    {NULL, 0, 0},
};
static const struct field verneed_fields[] = {
    FIELD(Elf64_Verneed, vn_, version),
    FIELD(Elf64_Verneed, vn_, cnt),
    FIELD(Elf64_Verneed, vn_, file),
    FIELD(Elf64_Verneed, vn_, aux),
    FIELD(Elf64_Verneed, vn_, next),
    AUX(Elf64_Vernaux, vna_, hash, sizeof(Elf64_Verneed)),
    AUX(Elf64_Vernaux, vna_, flags, sizeof(Elf64_Verneed)),
    AUX(Elf64_Vernaux, vna_, other, sizeof(Elf64_Verneed)),
    AUX(Elf64_Vernaux, vna_, name, sizeof(Elf64_Verneed)),
    AUX(Elf64_Vernaux, vna_, next, sizeof(Elf64_Verneed)),
    {NULL, 0, 0},
};

/* Names of program headers and of dynamic tags, as they are written in a place. */
static const struct {
    const char *name;
    uint64_t value;
} types[] = {{"LOAD", PT_LOAD},       {"DYNAMIC", PT_DYNAMIC}, {"INTERP", PT_INTERP},
             {"NOTE", PT_NOTE},       {"PHDR", PT_PHDR},       {"TLS", PT_TLS},
             {"STACK", PT_GNU_STACK}, {"RELRO", PT_GNU_RELRO}},
  tags[] = {{"NULL", DT_NULL},
            {"NEEDED", DT_NEEDED},
            {"PLTRELSZ", DT_PLTRELSZ},
            {"PLTGOT", DT_PLTGOT},
            {"HASH", DT_HASH},
            {"STRTAB", DT_STRTAB},
            {"SYMTAB", DT_SYMTAB},
            {"RELA", DT_RELA},
            {"RELASZ", DT_RELASZ},
            {"RELAENT", DT_RELAENT},
            {"STRSZ", DT_STRSZ},
            {"SYMENT", DT_SYMENT},
            {"INIT", DT_INIT},
            {"FINI", DT_FINI},
            {"SONAME", DT_SONAME},
            {"RPATH", DT_RPATH},
            {"PLTREL", DT_PLTREL},
            {"TEXTREL", DT_TEXTREL},
            {"JMPREL", DT_JMPREL},
            {"INIT_ARRAY", DT_INIT_ARRAY},
            {"FINI_ARRAY", DT_FINI_ARRAY},
            {"INIT_ARRAYSZ", DT_INIT_ARRAYSZ},
            {"FINI_ARRAYSZ", DT_FINI_ARRAYSZ},
            {"RUNPATH", DT_RUNPATH},
            {"BIND_NOW", DT_BIND_NOW},
            {"FLAGS", DT_FLAGS},
            {"RELRSZ", 35},
            {"RELR", 36},
            {"RELRENT", 37},
            {"GNU_HASH", DT_GNU_HASH},
            {"VERSYM", DT_VERSYM},
            {"VERNEED", DT_VERNEED},
            {"VERNEEDNUM", DT_VERNEEDNUM},
            {"VERDEF", DT_VERDEF},
            {"VERDEFNUM", DT_VERDEFNUM},
            {"FLAGS_1", DT_FLAGS_1},
            {"RELACOUNT", DT_RELACOUNT}};

static _Noreturn void die(const char *what, const char *which)
{
    fprintf(stderr, "edit: %s: %s\n", what, which);
    exit(2);
}

/* The bytes of the file that a virtual address is. */
static char *at(uint64_t address)
{
    for (int i = 0; i < header->e_phnum; i++)
        if (headers[i].p_type == PT_LOAD && address - headers[i].p_vaddr < headers[i].p_filesz)
            return file + headers[i].p_offset + (address - headers[i].p_vaddr);
    die("an address is in no segment's file bytes", "");
}

static Elf64_Dyn *dynamic(void)
{
    for (int i = 0; i < header->e_phnum; i++)
        if (headers[i].p_type == PT_DYNAMIC)
            return (Elf64_Dyn *)(file + headers[i].p_offset);
    die("there is no PT_DYNAMIC", "");
}

static uint64_t value_of(int64_t tag)
{
    for (Elf64_Dyn *entry = dynamic(); entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == tag)
            return entry->d_un.d_val;
    die("a dynamic tag that is needed is not there", "");
}

static const struct field *field_of(const struct field *fields, const char *name)
{
    for (; fields->name != NULL; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    die("no such field", name);
}

static Elf64_Sym *symbol(const char *name, size_t *index)
{
    Elf64_Sym *table = (Elf64_Sym *)at(value_of(DT_SYMTAB));
    const char *strings = at(value_of(DT_STRTAB));
    /* the string table follows the symbols, as linkers put it */
    size_t count = (size_t)(strings - (char *)table) / sizeof *table;
    for (*index = 0; *index < count; ++*index)
        if (*name == '#' ? *index == strtoull(name + 1, NULL, 0)
                         : strcmp(strings + table[*index].st_name, name) == 0)
            return &table[*index];
    die("no such symbol", name);
}

/* A relocation by its number, or by its symbol. */
static char *relocation(bool jump, const char *which)
{
    Elf64_Rela *rela = (Elf64_Rela *)at(value_of(jump ? DT_JMPREL : DT_RELA));
    uint64_t count = value_of(jump ? DT_PLTRELSZ : DT_RELASZ) / sizeof *rela;
    size_t index;
    if (*which >= '0' && *which <= '9')
        return (char *)(rela + strtoull(which, NULL, 0));
    symbol(which, &index);
    for (; count > 0; count--, rela++)
        if (ELF64_R_SYM(rela->r_info) == index)
            return (char *)rela;
    die("no relocation of the symbol", which);
}

/* Where a place is; *bytes: how long. */
static char *find(char *place, size_t *bytes)
{
    char *part[4] = {"", "", "", ""};
    size_t index;
    for (int i = 0; i < 4 && place != NULL; i++)
        part[i] = strsep(&place, ".");
    uint64_t number = strtoull(part[1], NULL, 0);
    const struct field *field;
    char *record;
    if (strcmp(part[0], "ehdr") == 0) {
        field = field_of(ehdr_fields, part[1]);
        record = file;
    } else if (strcmp(part[0], "phdr") == 0) {
        field = field_of(phdr_fields, part[3]);
        record = NULL;
        number = strtoull(part[2], NULL, 0);
        for (size_t t = 0; t < sizeof types / sizeof *types; t++)
            for (int i = 0; strcmp(types[t].name, part[1]) == 0 && i < header->e_phnum; i++)
                if (headers[i].p_type == types[t].value && number-- == 0)
                    record = (char *)&headers[i];
        if (record == NULL)
            die("no such program header", part[1]);
    } else if (strcmp(part[0], "dyn") == 0) {
        field = field_of(dyn_fields, part[3]);
        record = NULL;
        number = strtoull(part[2], NULL, 0);
        for (size_t t = 0; t < sizeof tags / sizeof *tags; t++)
            for (Elf64_Dyn *d = dynamic(); strcmp(tags[t].name, part[1]) == 0; d++) {
                if ((uint64_t)d->d_tag == tags[t].value && number-- == 0)
                    record = (char *)d;
                if (d->d_tag == DT_NULL)
                    break;
            }
        if (record == NULL)
            die("no such dynamic tag", part[1]);
    } else if (strcmp(part[0], "sym") == 0) {
        field = field_of(sym_fields, part[2]);
        record = (char *)symbol(part[1], &index);
    } else if (strcmp(part[0], "rela") == 0 || strcmp(part[0], "jump") == 0) {
        field = field_of(rela_fields, part[2]);
        record = relocation(*part[0] == 'j', part[1]);
    } else if (strcmp(part[0], "verdef") == 0) {
        field = field_of(verdef_fields, part[2]);
        for (record = at(value_of(DT_VERDEF)); number > 0; number--)
            record += ((Elf64_Verdef *)record)->vd_next;
    } else if (strcmp(part[0], "verneed") == 0) {
        field = field_of(verneed_fields, part[2]);
        for (record = at(value_of(DT_VERNEED)); number > 0; number--)
            record += ((Elf64_Verneed *)record)->vn_next;
    } else if (strcmp(part[0], "gnu") == 0) {
        uint32_t *words = (uint32_t *)at(value_of(DT_GNU_HASH));
        *bytes = 4;
        if (strcmp(part[1], "bucket") == 0)
            words += 4 + 2 * (size_t)words[2];
        else if (strcmp(part[1], "chain") == 0)
            words += 4 + 2 * (size_t)words[2] + words[0];
        return (char *)(words + strtoull(part[1][0] >= 'a' ? part[2] : part[1], NULL, 0));
    } else if (strcmp(part[0], "hash") == 0) {
        *bytes = 4;
        return at(value_of(DT_HASH)) + 4 * number;
    } else if (strcmp(part[0], "relr") == 0) {
        *bytes = 8;
        return at(value_of(36)) + 8 * number;
    } else if (strcmp(part[0], "versym") == 0) {
        *bytes = 2;
        symbol(part[1], &index);
        return at(value_of(DT_VERSYM)) + 2 * index;
    } else if (strcmp(part[0], "byte") == 0 || strcmp(part[0], "word") == 0) {
        *bytes = *part[0] == 'b' ? 1 : 8;
        return at(number);
    } else {
        die("no such place", part[0]);
    }
    *bytes = field->size;
    return record + field->offset;
}

int main(int argc, char **argv)
{
    struct stat status;
    int fd = argc > 2 ? open(argv[1], O_RDWR) : -1;
    if (fd < 0 || fstat(fd, &status) != 0)
        die("usage: edit FILE PLACE[=VALUE]...", argc > 1 ? argv[1] : "");
    size = (size_t)status.st_size;
    file = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (file == MAP_FAILED)
        die("cannot be mapped", argv[1]);
    header = (Elf64_Ehdr *)file;
    headers = (Elf64_Phdr *)(file + header->e_phoff);
    /* all places first: a damaged file is not to be walked */
    struct {
        char *place;
        size_t bytes;
        const char *value;
    } todo[64];
    for (int i = 2; i < argc && i < 66; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals != NULL)
            *equals = '\0';
        todo[i - 2].value = equals == NULL ? NULL : equals + 1;
        todo[i - 2].place = find(argv[i], &todo[i - 2].bytes);
        if (todo[i - 2].place < file || todo[i - 2].place + todo[i - 2].bytes > file + size)
            die("outside the file", argv[i]);
    }
    for (int i = 0; i < argc - 2 && i < 64; i++) {
        uint64_t number = 0;
        const char *value = todo[i].value;
        memcpy(&number, todo[i].place, todo[i].bytes);
        if (value == NULL) {
            printf("0x%lx\n", (unsigned long)number);
            continue;
        }
        uint64_t new = strtoull(value + (*value == '+' || *value == '-'), NULL, 0);
        number = *value == '+' ? number + new : *value == '-' ? number - new : new;
        memcpy(todo[i].place, &number, todo[i].bytes);
    }
    return 0;
}
