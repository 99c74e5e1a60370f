/* payload.c - the table of payloads, and how their arguments get into their code. */
#include "payload.h"

#include <string.h>

/* The last bytes of every payload's code; payload.S reads them by the same order. */
struct parameters {
    uint64_t link_address; /* of the payload's first byte */
    uint64_t numbers[2];   /* for text, numbers[0] is its length, and the text follows */
};

#define CODE(name) extern const unsigned char payload_##name[], payload_##name##_end[]
CODE(exit);
CODE(zero);
CODE(byte);
CODE(write);
CODE(pause);
CODE(maps);
CODE(auxv);
CODE(registers);
#undef CODE
#define CODE(name) .start = payload_##name, .end = payload_##name##_end

const struct payload payloads[] = {
    {"exit", "N", "exit_group(N)", .numbers = 1, CODE(exit)},
    {"zero", "ADDR,LEN", "exit 0 if LEN bytes from link address ADDR are zero, else 1",
     .numbers = 2, CODE(zero)},
    {"byte", "ADDR,VALUE", "exit 0 if the byte at link address ADDR is VALUE, else 1", .numbers = 2,
     CODE(byte)},
    {"write", "TEXT", "write TEXT to standard output, exit 0", .text = true, CODE(write)},
    {"pause", "", "sleep until killed, to be looked at from outside", CODE(pause)},
    {"maps", "", "copy /proc/self/maps to standard output, exit 0", CODE(maps)},
    {"auxv", "", "write the raw stack, from argc to auxv's AT_NULL pair, exit 0", CODE(auxv)},
    {"registers", "",
     "write the registers at entry, raw: rax rbx rcx rdx rsi rdi rbp rsp r8-r15 rflags, exit 0",
     CODE(registers)},
};
const size_t payload_count = sizeof payloads / sizeof payloads[0];

static const struct payload *payload_find(const char *name, size_t length)
{
    for (size_t i = 0; i < payload_count; i++)
        if (strlen(payloads[i].name) == length && memcmp(payloads[i].name, name, length) == 0)
            return &payloads[i];
    return NULL;
}

/* Reads `count` numbers separated by commas; false if there are more, fewer, or other things. */
static bool parse_numbers(char *text, unsigned count, uint64_t *numbers)
{
    for (unsigned i = 0; i < count; i++) {
        char *comma = i + 1 < count ? strchr(text, ',') : NULL;

        if (i + 1 < count && !comma)
            return false;
        if (comma)
            *comma = '\0';
        if (!number_parse(text, &numbers[i]))
            return false;
        if (comma) {
            *comma = ','; /* the whole word may still be needed for a message */
            text = comma + 1;
        }
    }
    return count > 0 || *text == '\0';
}

void payload_parse(struct segment *segment, struct word word)
{
    char *colon = strchr(word.text, ':');
    size_t name_length = colon ? (size_t)(colon - word.text) : word.length;
    char *rest = word.text + name_length + (colon ? 1 : 0);
    const struct payload *payload = payload_find(word.text, name_length);
    struct parameters parameters = {0};
    size_t text_length = 0;

    if (!payload)
        fail(segment->place, "there is no payload \"%s\" (see --list)", word.text);
    if (payload->text ? !colon : !parse_numbers(rest, payload->numbers, parameters.numbers))
        fail(segment->place, "payload is written %s%s%s (found \"%s\")", payload->name,
             *payload->arguments ? ":" : "", payload->arguments, word.text);
    if (payload->text) {
        text_length = word.length - name_length - 1;
        parameters.numbers[0] = text_length;
    }

    size_t code_length = (size_t)(payload->end - payload->start);
    unsigned char *code = grow(NULL, code_length + text_length, 1);

    memcpy(code, payload->start, code_length);
    memcpy(code + code_length - sizeof parameters, &parameters, sizeof parameters);
    memcpy(code + code_length, rest, text_length);
    segment->payload = payload;
    segment->contents = code;
    segment->length = code_length + text_length;
}

void payload_link(const struct payload *payload, unsigned char *code, uint64_t address)
{
    unsigned char *parameters = code + (payload->end - payload->start) - sizeof(struct parameters);

    memcpy(parameters + offsetof(struct parameters, link_address), &address, sizeof address);
}
