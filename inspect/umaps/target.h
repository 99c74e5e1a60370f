/* A process that is recorded, its threads, and the model of its address space. */
#ifndef UMAPS_TARGET_H
#define UMAPS_TARGET_H

#include "space.h"

#include <sys/types.h>

enum target_phase {
    TARGET_STARTING, /* between the fork and execve(2) */
    TARGET_LOADING,  /* uexec loads the program: not recorded */
    TARGET_ENTERED,  /* execve(2) may have succeeded: the layout is that of the entry point */
    TARGET_RUNNING,
    TARGET_HIDDEN, /* its maps may not be read; not recorded */
};

struct target {
    struct target *next; /* list of all */
    pid_t pid;
    struct task *members; /* the threads that have its address space */
    enum target_phase phase;
    int maps; /* /proc/PID/maps, which keeps to the address space that was there at open(2) */
    struct space space;
    uint64_t break_start, break_now; /* bytes; 0: not known */
    uint64_t top;                    /* mmap(2) looks for room below it */

    /* LOADING: uexec's file, the only one that is mapped after its execve, and the page that its
     * last calls come from */
    const char *loader_device;
    uint64_t loader_inode, handover;
};

/* A system call that was let go and whose result is not known yet. */
struct call {
    bool pending;
    bool waited; /* others have waited long enough for its effect */
    long number;
    uint64_t arguments[6];
    uint64_t address; /* of the instruction after `syscall` */
    uint64_t time;    /* CLOCK_MONOTONIC, ns */
    uint64_t clone;   /* clone, clone3, fork, vfork: CLONE_* */
};

struct task {
    struct task *next; /* in its bucket */
    pid_t tid;
    struct target *target;    /* NULL: a process that is not recorded */
    struct task *next_member; /* of the target */
    struct call call;
};

/* Opens the target's maps anew (after a start or an execve), and fills the model. false: errno. */
bool target_open(struct target *target);

/* Opens the target's maps, to see the end of its address space, and reads nothing. */
void target_hold(struct target *target);

/* Has the address space that target_open() saw ended? An execve gives a process another. */
bool target_is_replaced(const struct target *target);

/* Reads all of the target's mappings. false: errno. */
bool target_read(const struct target *target, struct space *space);

/* Asks the kernel for the mapping that holds `address`, or with `next` the one above if there is
 * none (PROCMAP_QUERY, Linux 6.11; before that, reads all maps). Returns 1 and fills *region; 0: no
 * mapping; -1: the process is gone, or may not be read. The name is read for files and for code. */
int target_query(const struct target *target, uint64_t address, bool next, struct region *region);

#endif
