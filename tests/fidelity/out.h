/* The report, in memory: lines put together without a C library. */
#ifndef PROBE_OUT_H
#define PROBE_OUT_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

extern char out_bytes[];
extern size_t out_length;

/* Begin a line: "name: ", or "name.number: ", or "name.number.part: ". */
void out_item(const char *name);
void out_item_number(const char *name, uint64_t number);
void out_item_part(const char *name, uint64_t number, const char *part);

/* Append to the line. */
void out_text(const char *text);
void out_bytes_of(const char *text, size_t length);
void out_decimal(int64_t value);
void out_hex(uint64_t value);      /* 0x... */
void out_address(uint64_t value);  /* @..., but 0 as 0, because that never depends on the place */
void out_quoted(const char *text); /* at most 80 bytes of it, then its length and hash */
void out_end(void);                /* the line's newline */

/* Whole lines. */
void out_line_decimal(const char *name, int64_t value);
void out_line_hex(const char *name, uint64_t value);
void out_line_address(const char *name, uint64_t value);
void out_line_text(const char *name, const char *text);

/* FNV-1a, 64 bits; begin with HASH_START. */
#define HASH_START 0xcbf29ce484222325ul
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);

#pragma GCC visibility pop

#endif
