/* describe.c - a description's lines as an image. Three tables say what can be written: directives,
 * segment types, and segment attributes; README.md tells it to people. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "damage.h"
#include "fields.h"
#include "image.h"
#include "payload.h"
#include "words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* e_phnum cannot say more; PN_XNUM is not for programs. */
#define SEGMENT_MAXIMUM (PN_XNUM - 1u)

#define WORD_MAXIMUM 64

/* A line in the making; `word` and `count` exclude the directive. */
struct line {
    struct place place;
    const char *directive;
    struct word *word;
    size_t count;
};

struct name {
    const char *name;
    uint64_t value;
};

static const struct name types[] = {
    {"rel", ET_REL},
    {"exec", ET_EXEC},
    {"dyn", ET_DYN},
    {"core", ET_CORE},
};
static const struct name machines[] = {
    {"x86_64", EM_X86_64},
    {"i386", EM_386},
    {"aarch64", EM_AARCH64},
    {"riscv", EM_RISCV},
};
static const struct name classes[] = {{"64", false}, {"32", true}};
static const struct name encodings[] = {{"lsb", false}, {"msb", true}};

static const struct segment_type {
    const char *name;
    uint32_t type;
    uint32_t flags; /* unless the line says others */
    uint64_t align; /* unless the line says another */
} segment_types[] = {
    {"load", PT_LOAD, PF_R, 0x1000},
    {"interp", PT_INTERP, PF_R, 1},
    {"note", PT_NOTE, PF_R, 4},
    {"tls", PT_TLS, PF_R, 8},
    {"stack", PT_GNU_STACK, PF_R | PF_W, 16},
    {"phdr", PT_PHDR, PF_R, 8},
    {"dynamic", PT_DYNAMIC, PF_R | PF_W, 8},
    {"relro", PT_GNU_RELRO, PF_R, 1},
    {"property", PT_GNU_PROPERTY, PF_R, 8},
    {"null", PT_NULL, 0, 0},
};

/* The words of a list of names, as "a, b, c", for a message. */
static const char *names_list(const struct name *names, size_t count)
{
    static char list[256];

    list[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        strcat(list, i ? ", " : "");
        strcat(list, names[i].name);
    }
    return list;
}

static struct word only_word(const struct line *line)
{
    if (line->count != 1)
        fail(line->place, "%s takes one value (found %zu)", line->directive, line->count);
    return line->word[0];
}

static uint64_t only_number(const struct line *line)
{
    return word_number(line->place, line->directive, only_word(line));
}

/* The value of a name, or a number below `limit`. */
static uint64_t named_number(const struct line *line, const struct name *names, size_t count,
                             uint64_t limit)
{
    struct word word = only_word(line);
    uint64_t number;

    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].name, word.text) == 0)
            return names[i].value;
    if (!number_parse(word.text, &number) || number >= limit)
        fail(line->place, "%s is none of %s%s (%s)", line->directive, names_list(names, count),
             limit ? ", or a 16-bit number" : "", word.text);
    return number;
}

static void describe_type(struct image *image, const struct line *line)
{
    image->header.e_type = (Elf64_Half)named_number(line, types, COUNT(types), 0x10000);
}

static void describe_machine(struct image *image, const struct line *line)
{
    image->header.e_machine = (Elf64_Half)named_number(line, machines, COUNT(machines), 0x10000);
    image->machine_given = true;
}

static void describe_class(struct image *image, const struct line *line)
{
    image->narrow = named_number(line, classes, COUNT(classes), 0);
}

static void describe_data(struct image *image, const struct line *line)
{
    image->big = named_number(line, encodings, COUNT(encodings), 0);
}

static void describe_entry(struct image *image, const struct line *line)
{
    image->header.e_entry = only_number(line);
    image->entry_given = true;
}

static void describe_phoff(struct image *image, const struct line *line)
{
    image->table_offset = only_number(line);
    image->table_given = true;
    if (image->table_offset > UINT32_MAX)
        fail(line->place, "phoff is too large (0x%llx); use damage ehdr e_phoff=",
             (unsigned long long)image->table_offset);
}

static void describe_gaps(struct image *image, const struct line *line)
{
    image->gap = (unsigned char)only_number(line);
}

static void describe_size(struct image *image, const struct line *line)
{
    image->size = only_number(line);
}

static void add_injury(struct image *image, struct injury injury)
{
    image->injuries = grow(image->injuries, image->injury_count + 1, sizeof injury);
    image->injuries[image->injury_count++] = injury;
}

/* FIELD=VALUE..., each an injury of its own. */
static void describe_forced(struct image *image, const struct line *line, size_t first,
                            struct injury injury)
{
    const struct fields *fields = injury.damage->takes == TAKES_EHDR ? &ehdr_fields : &phdr_fields;

    for (size_t i = first; i < line->count; i++) {
        const char *name = line->word[i].text;
        struct word value;

        if (!word_divide(line->word[i], &value))
            fail(line->place, "damage %s takes FIELD=VALUE (%s)", injury.damage->name, name);
        injury.field = field_find(fields, name);
        if (!injury.field)
            fail(line->place, "the header has no such field (%s)", name);
        injury.value = word_number(line->place, name, value);
        if (injury.field->wide.size < 8 && injury.value >> (8 * injury.field->wide.size))
            fail(line->place, "%s has %u bytes, too few for the value (%s)", name,
                 injury.field->wide.size, value.text);
        add_injury(image, injury);
    }
}

static void describe_damage(struct image *image, const struct line *line)
{
    struct injury injury = {.place = line->place};
    size_t next = 1;

    if (line->count == 0)
        fail(line->place, "damage takes a name (see --list)");
    injury.damage = damage_find(line->word[0].text);
    if (!injury.damage)
        fail(line->place, "there is no damage of this name (%s; see --list)", line->word[0].text);

    enum damage_takes takes = injury.damage->takes;
    bool forced = takes == TAKES_EHDR || takes == TAKES_PHDR;

    if (takes != TAKES_NOTHING && takes != TAKES_EHDR && next < line->count) {
        injury.number =
            word_number(line->place, "the number that damage takes", line->word[next++]);
        injury.numbered = true;
    }
    if (((takes == TAKES_NUMBER || takes == TAKES_PHDR) && !injury.numbered) ||
        (forced ? next == line->count : next < line->count))
        fail(line->place, "it is written: damage %s%s", injury.damage->name,
             damage_arguments(injury.damage));
    if (forced)
        describe_forced(image, line, next, injury);
    else
        add_injury(image, injury);
}

/* What a segment's line says besides the segment. */
struct repetition {
    uint64_t count;
    uint64_t step; /* added to each next one's addresses, bytes */
};

/* A segment's contents are said once: by code=, text=, bytes=, or interp's path. */
static void contents_set(struct segment *segment, struct word word)
{
    if (segment->contents)
        fail(segment->place, "the segment has two contents (%s)", word.text);
    segment->contents = grow(NULL, word.length, 1);
    segment->length = word.length;
    memcpy(segment->contents, word.text, word.length);
}

static void attribute_code(struct segment *segment, struct repetition *repetition,
                           struct word value)
{
    (void)repetition;
    if (segment->contents)
        fail(segment->place, "the segment has two contents (%s)", value.text);
    payload_parse(segment, value);
}

static void attribute_text(struct segment *segment, struct repetition *repetition,
                           struct word value)
{
    (void)repetition;
    contents_set(segment, value);
}

static void attribute_bytes(struct segment *segment, struct repetition *repetition,
                            struct word value)
{
    (void)repetition;
    word_unhex(segment->place, &value);
    contents_set(segment, value);
}

static void attribute_fill(struct segment *segment, struct repetition *repetition,
                           struct word value)
{
    uint64_t byte = word_number(segment->place, "fill", value);

    (void)repetition;
    if (byte > 0xff)
        fail(segment->place, "fill is more than a byte (%s)", value.text);
    segment->fill = (int)byte;
}

static void attribute_repeat(struct segment *segment, struct repetition *repetition,
                             struct word value)
{
    repetition->count = word_number(segment->place, "repeat", value);
}

static void attribute_step(struct segment *segment, struct repetition *repetition,
                           struct word value)
{
    repetition->step = word_number(segment->place, "step", value);
}

/* Besides these, every field of a program header is an attribute. */
static const struct attribute {
    const char *name;
    void (*set)(struct segment *segment, struct repetition *repetition, struct word value);
} attributes[] = {
    {"code", attribute_code}, {"text", attribute_text},     {"bytes", attribute_bytes},
    {"fill", attribute_fill}, {"repeat", attribute_repeat}, {"step", attribute_step},
};

static void attribute_set(struct segment *segment, struct repetition *repetition, const char *name,
                          struct word value)
{
    const struct field *field = field_find(&phdr_fields, name);

    if (field) {
        field_set(field, &segment->header, word_number(segment->place, name, value));
        segment->given |= 1u << (field - phdr_fields.field);
        return;
    }
    for (size_t i = 0; i < COUNT(attributes); i++) {
        if (strcmp(attributes[i].name, name) == 0) {
            attributes[i].set(segment, repetition, value);
            return;
        }
    }
    fail(segment->place, "a segment has no attribute of this name (%s)", name);
}

/* True for any of r, w, x, in any order, and - for none; gives the flags. */
static bool flags_parse(const char *text, uint32_t *flags)
{
    *flags = 0;
    for (const char *c = text; *c; c++) {
        if (!strchr("rwx-", *c))
            return false;
        *flags |= *c == 'r' ? PF_R : *c == 'w' ? PF_W : *c == 'x' ? PF_X : 0;
    }
    return *text != '\0';
}

static void segment_word(struct segment *segment, struct repetition *repetition, struct word word)
{
    struct word value;
    uint32_t flags;

    if (flags_parse(word.text, &flags)) {
        segment->header.p_flags = flags;
    } else if (strcmp(word.text, "headers") == 0) {
        segment->headers = true;
    } else if (segment->header.p_type == PT_INTERP && !strchr(word.text, '=')) {
        word.length++; /* its NUL */
        contents_set(segment, word);
    } else if (word_divide(word, &value)) {
        attribute_set(segment, repetition, word.text, value);
    } else {
        fail(segment->place, "it is no flags, no \"headers\", and no NAME=VALUE (%s)", word.text);
    }
}

static void segment_check(const struct segment *segment)
{
    if (segment->header.p_type == PT_LOAD && !(segment->given >> P_VADDR & 1))
        fail(segment->place, "a load needs vaddr=");
    if (segment->headers && segment->given >> P_OFFSET & 1)
        fail(segment->place, "headers means offset=0; say only one (offset=0x%llx)",
             (unsigned long long)segment->header.p_offset);
    if (segment->fill >= 0 && !(segment->given >> P_FILESZ & 1))
        fail(segment->place, "fill needs filesz= (fill=0x%x)", (unsigned)segment->fill);
}

static void describe_segment(struct image *image, const struct line *line,
                             const struct segment_type *type, size_t first)
{
    struct repetition repetition = {.count = 1};
    struct segment segment = {
        .place = line->place,
        .header = {.p_type = type->type, .p_flags = type->flags, .p_align = type->align},
        .fill = -1,
    };

    for (size_t i = first; i < line->count; i++)
        segment_word(&segment, &repetition, line->word[i]);
    segment_check(&segment);
    if (repetition.count == 0)
        fail(line->place, "repeat is at least 1 (0)");
    if (repetition.count > SEGMENT_MAXIMUM - image->segment_count)
        fail(line->place, "more program headers than an image can have (%u)", SEGMENT_MAXIMUM);
    image->segments =
        grow(image->segments, image->segment_count + repetition.count + 1, sizeof segment);
    for (uint64_t i = 0; i < repetition.count; i++) {
        image->segments[image->segment_count++] = segment;
        segment.header.p_vaddr += repetition.step;
    }
}

/* segment TYPE ...: a type without a name of its own. */
static void describe_numbered(struct image *image, const struct line *line)
{
    struct segment_type type = {.flags = PF_R, .align = 0x1000};
    uint64_t number;

    if (line->count == 0)
        fail(line->place, "segment takes a type's number");
    number = word_number(line->place, "the segment's type", line->word[0]);
    if (number > UINT32_MAX)
        fail(line->place, "the segment's type has more than 32 bits (%s)", line->word[0].text);
    type.type = (uint32_t)number;
    describe_segment(image, line, &type, 1);
}

static const struct directive {
    const char *name;
    void (*describe)(struct image *image, const struct line *line);
} directives[] = {
    {"type", describe_type},        {"machine", describe_machine}, {"class", describe_class},
    {"data", describe_data},        {"entry", describe_entry},     {"phoff", describe_phoff},
    {"gaps", describe_gaps},        {"size", describe_size},       {"damage", describe_damage},
    {"segment", describe_numbered},
};

static void describe_line(struct image *image, const struct line *line)
{
    for (size_t i = 0; i < COUNT(directives); i++) {
        if (strcmp(directives[i].name, line->directive) == 0) {
            directives[i].describe(image, line);
            return;
        }
    }
    for (size_t i = 0; i < COUNT(segment_types); i++) {
        if (strcmp(segment_types[i].name, line->directive) == 0) {
            describe_segment(image, line, &segment_types[i], 0);
            return;
        }
    }
    fail(line->place, "there is no directive of this name (%s)", line->directive);
}

void image_describe(struct image *image, const char *file, FILE *stream)
{
    struct place place = {.file = file};
    char *text = NULL;
    size_t size = 0;

    image->header.e_type = ET_EXEC;
    while (getline(&text, &size, stream) >= 0) {
        struct word words[WORD_MAXIMUM];
        size_t count;

        place.line++;
        text[strcspn(text, "\n")] = '\0';
        count = line_split(place, text, words, WORD_MAXIMUM);
        if (count > 0)
            describe_line(image, &(struct line){place, words[0].text, words + 1, count - 1});
    }
    if (ferror(stream))
        fail((struct place){0}, "%s cannot be read (%s)", file, strerror(errno));
    free(text);
}
