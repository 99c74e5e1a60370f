/* The identity of the process: /proc/self/exe, and no capability that came only from uexec's own
 * file. */
#ifndef UEXEC_IDENTITY_H
#define UEXEC_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prctl_mm_map;
struct self;

/* Two words, low and high (capget(2)). */
struct identity_set {
    uint32_t effective, permitted, inheritable;
};

/* filled by identity_read() */
struct identity {
    bool drops;      /* capabilities have to be dropped: execve would not pass them on */
    uint64_t secure; /* AT_SECURE for the program */

    /* capset(2)'s arguments, if `drops`: the kernel's structures, version 3 */
    struct {
        uint32_t version;
        int pid;
    } header;
    struct identity_set sets[2];
};

/* Computes this process's credentials after an execve(2) of a file with neither set-user-ID bits
 * nor capabilities (capabilities(7), "Transformation of capabilities during execve()"). They differ
 * from the present ones only if uexec's own file has capabilities, for user 0 under SECBIT_NOROOT,
 * or with another effective user. In these cases the function drops at once what the tool does not
 * use, so that no file is opened with it. The capability that sets /proc/self/exe stays until the
 * hand-over. The result is from malloc, because the hand-over reads it; NULL: no memory. */
struct identity *identity_read(const struct self *self);

/* prctl(2), PR_GET_SECCOMP: a filter is in force. */
#define SECCOMP_FILTERED 2

/* Could a child in a user namespace of its own set /proc/self/exe (handover_retry())? A child
 * without an exit signal tries, and changes nothing. Returns 0 if it could; else an errno, and
 * *refused names the refused operation. Under a seccomp filter, which may kill the child for the
 * attempt, nothing is tried: EPERM. */
int identity_try_namespace(const struct prctl_mm_map *map, const char **refused);

#endif
