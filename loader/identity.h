/* Whose process it is to be: /proc/self/exe, and no capability that only uexec's own file gave. */
#ifndef UEXEC_IDENTITY_H
#define UEXEC_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prctl_mm_map;
struct self;

/* filled by identity_read() */
struct identity {
    bool drops;      /* capabilities are to be dropped: execve would not pass them on */
    uint64_t secure; /* AT_SECURE for the program */

    /* capset(2)'s arguments, if `drops`: the kernel's structures, version 3 */
    struct {
        uint32_t version;
        int pid;
    } header;
    struct {
        uint32_t effective, permitted, inheritable;
    } sets[2];
};

/* What execve(2) would make of this process's credentials for a program whose file has neither
 * set-user-ID bits nor capabilities (capabilities(7), "Transformation of capabilities during
 * execve()"): root keeps its capabilities, anyone else the ambient ones.  They differ from what
 * there is only if uexec's own file has capabilities.  The result is from malloc, because the
 * hand-over reads it; NULL: no memory. */
struct identity *identity_read(const struct self *self);

/* Could a child in a user namespace of its own set /proc/self/exe (handover_retry())?  A child
 * without an exit signal tries, and changes nothing.  0: it could; else an errno, and *refused is
 * what is refused. */
int identity_try_namespace(const struct prctl_mm_map *map, const char **refused);

#endif
