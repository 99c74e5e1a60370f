/* Writing JSON (RFC 8259), in order, as it is produced.
 *
 * Debian's jansson does not link against musl (it is built with glibc's
 * fortified calls), and a report is only ever written. */
#ifndef UEXEC_JSON_H
#define UEXEC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out;
    int depth;
    bool first; /* nothing yet in the object or array that is open */
};

/* `name` is NULL in an array and at the top. */
void json_object(struct json *json, const char *name);
void json_array(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_end_array(struct json *json);
/* Bytes that are not UTF-8 become U+FFFD each. */
void json_string(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, uint64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/* An address: a string "0x...", because numbers lose digits above 2^53. */
void json_hex(struct json *json, const char *name, uint64_t value);

#endif
