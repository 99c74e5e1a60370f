/* rt's decoder of a library whose file is written to while it is read: what has been counted is
 * what is stored. The file changes when the memory for the counted is asked for. */
#include "rt/decode.c"
#include "rt/object.c"
#include "rt/version.c"

#include "unit.h"

#include <stdlib.h>

static const struct rules glibc = {.versions = true};
struct fixed fixed = {.rules = &glibc};

/* rt's memory, watched by the sanitizer; NULL: nothing changes. */
static void (*change)(void);
void *allocate(size_t size)
{
    if (change != NULL)
        change();
    return calloc(1, size);
}
void release(void *block)
{
    free(block);
}

/* The image: all in one segment. */
static struct file {
    Elf64_Dyn dynamic[6];
    Elf64_Verneed need;
    Elf64_Vernaux wants[3];
    char strings[16];
} file;

static const Elf64_Phdr headers[] = {
    {.p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_filesz = sizeof file, .p_memsz = sizeof file},
    {.p_type = PT_DYNAMIC, .p_memsz = sizeof file.dynamic},
};

/* Decodes it; addresses in it are offsets. */
static bool decoded(struct object *object, struct problem *problem)
{
    *object = (struct object){.phdr = headers, .phnum = 2, .name = "file", .span = sizeof file};
    object->bias = object->start = (uintptr_t)&file;
    return object_decode(object, problem);
}

static void make(void)
{
    file = (struct file){
        .dynamic = {{DT_STRTAB, {offsetof(struct file, strings)}},
                    {DT_STRSZ, {sizeof file.strings}},
                    {DT_NEEDED, {1}},
                    {DT_VERNEED, {offsetof(struct file, need)}},
                    {DT_VERNEEDNUM, {1}}},
        .need = {1, 3, 1, offsetof(struct file, wants) - offsetof(struct file, need), 0},
        .wants = {{0, 0, 2, 3, sizeof(Elf64_Vernaux)},
                  {0, 0, 3, 3, sizeof(Elf64_Vernaux)},
                  {0, 0, 4, 3, 0}},
        .strings = "\0lib\0a\0b",
    };
}

static void as_it_is(void)
{
    struct object object;
    struct problem problem;
    make();
    change = NULL;
    CHECK(decoded(&object, &problem));
    CHECK(object.needed.count == 1);
    CHECK(object.symbols.version_count == 5);
    object_undecode(&object);
}

static void one_more_needed(void)
{
    file.dynamic[4] = (Elf64_Dyn){DT_NEEDED, {1}};
}
static void needed_stays(void)
{
    struct object object;
    struct problem problem;
    make();
    file.dynamic[3].d_tag = DT_NULL + 0x6fff0000; /* nobody's: the memory is for names alone */
    change = one_more_needed;
    CHECK(decoded(&object, &problem));
    CHECK(object.needed.count == 1);
    object_undecode(&object);
}

static void no_needed_any_more(void)
{
    file.dynamic[2].d_tag = 0x6fff0000;
}
static void needed_goes(void)
{
    struct object object;
    struct problem problem;
    make();
    file.dynamic[3].d_tag = 0x6fff0000;
    change = no_needed_any_more;
    CHECK(decoded(&object, &problem));
    CHECK(object.needed.count == 0); /* and no name that is NULL */
    object_undecode(&object);
}

static void higher_version(void)
{
    file.wants[1].vna_other = 0x7fff;
}
static void versions_stay(void)
{
    struct object object;
    struct problem problem = {.text = ""};
    make();
    file.dynamic[2].d_tag = 0x6fff0000;
    change = higher_version;
    CHECK(!decoded(&object, &problem));
    CHECK_TEXT(problem.text, "its versions change while they are read");
    object_undecode(&object);
}

const struct unit_test decode_tests[] = {
    {"a file that stays as it is", as_it_is},
    {"a name more is needed than was counted", needed_stays},
    {"a name less is needed than was counted", needed_goes},
    {"a version's number is higher than was seen", versions_stay},
    {NULL, NULL},
};
