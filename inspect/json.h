/* Writes JSON (RFC 8259) as a stream. Debian's jansson does not link against musl, because it is
 * built with glibc's fortified functions; and a report is written, never read. */
#ifndef UEXEC_JSON_H
#define UEXEC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out;
    int depth;
    bool first; /* the open object or array is still empty */
};

/* `name` is NULL in an array and at the top. */
void json_begin_object(struct json *json, const char *name);
void json_begin_array(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_end_array(struct json *json);
/* Each byte that is not UTF-8 becomes U+FFFD. */
void json_write_string(struct json *json, const char *name, const char *value);
void json_write_number(struct json *json, const char *name, uint64_t value);
void json_write_bool(struct json *json, const char *name, bool value);
void json_write_null(struct json *json, const char *name);

/* An address: a string "0x...", because numbers lose digits above 2^53. */
void json_write_hex(struct json *json, const char *name, uint64_t value);

#endif
