/* Writes a recording: a JSON object on each line (docs/umaps.md has the format). */
#ifndef UMAPS_RECORDING_H
#define UMAPS_RECORDING_H

#include "calls.h"
#include "space.h"
#include "target.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recording {
    const char *name; /* of the file, for messages */
    bool
        named; /* by the user; otherwise the name is reported, or a file without a layout removed */
    int fd;
    uint64_t begin;   /* CLOCK_MONOTONIC, ns: time 0 */
    uint64_t events;  /* written so far */
    uint64_t layouts; /* among them; 0: the program did not start */
    bool failed;      /* a write failed, and was reported: nothing more is written */
    uint64_t flushed; /* when, ns */
    size_t length;
    char buffer[1 << 16];
};

/* CLOCK_MONOTONIC, ns. */
uint64_t recording_now(void);

/* The first line. `by`: "uexec" or "kernel". */
void recording_begin(struct recording *recording, const char *by, char **arguments);

/* The whole layout. `when`: "entry", "fork", "checkpoint" or "exit". */
void recording_layout(struct recording *recording, const struct target *target, uint64_t time,
                      const char *when);

/* A call, its result and what it changed. `result` NULL: not known, or the call failed. */
void recording_call(struct recording *recording, const struct task *task,
                    const struct call_kind *kind, const uint64_t *result, bool failed,
                    const struct changes *changes);

/* What no recorded call explains: the kernel moved a stack's start, or a call was not seen. */
void recording_changed(struct recording *recording, const struct target *target,
                       const struct changes *changes);

/* An event about a process or thread with a number or a text. */
void recording_note(struct recording *recording, const char *event, pid_t process, pid_t thread,
                    uint64_t time, const char *field, const char *text);

/* A line of rt's trace (docs/json.md), as it is. `length`: without its newline. */
void recording_trace(struct recording *recording, pid_t process, const char *line, size_t length);

/* The stack as the kernel left it for the program: argc to auxv, from the stack pointer of
 * /proc/PID/stat on. Of the environment, only the names: a recording is passed on. */
void recording_stack(struct recording *recording, const struct target *target, uint64_t time);

/* Residency of each mapping. */
void recording_resident(struct recording *recording, const struct target *target, uint64_t time,
                        const struct maps *maps, const struct usage *usages);

/* The end of the recording. */
void recording_end(struct recording *recording);

/* Writes what is buffered; a failure is reported once. */
void recording_flush(struct recording *recording);

#endif
