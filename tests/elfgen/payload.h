/* payload.h - the programs that an image can carry: x86-64 machine code without a libc. */
#ifndef ELFGEN_PAYLOAD_H
#define ELFGEN_PAYLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "image.h"
#include "words.h"

struct payload {
    const char *name;
    const char *arguments; /* as --list shows them after NAME; "" if it takes none */
    const char *help;
    unsigned numbers;                 /* how many numbers it takes, separated by commas */
    bool text;                        /* takes text instead */
    const unsigned char *start, *end; /* its code in payload.S; ends with its parameters */
};

extern const struct payload payloads[];
extern const size_t payload_count;

/* Makes the contents of `segment` from NAME or NAME:ARGUMENTS. Stops the tool on errors. */
void payload_parse(struct segment *segment, struct word word);

/* Tells `code`, a copy of the payload's code, the address that it was linked at. */
void payload_link(const struct payload *payload, unsigned char *code, uint64_t address);

#endif
