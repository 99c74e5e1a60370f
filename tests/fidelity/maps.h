/* /proc/self/maps, a line at a time. */
#ifndef PROBE_MAPS_H
#define PROBE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

struct maps_line {
    uint64_t start, end;
    const char *rest; /* "r-xp 00000000 fe:00 1234   /name" */
    const char *rest_end;
    const char *name; /* rest_end if there is none */
};

/* Read the mappings anew. */
void maps_read(void);

/* The next line; *at is 0 for the first. false: there is none. */
bool maps_next(size_t *at, struct maps_line *line);

/* The first line with this name. */
bool maps_find(const char *name, struct maps_line *line);

#pragma GCC visibility pop

#endif
