/* The seccomp filter of a recorded program, and its notifications (seccomp(2),
 * seccomp_unotify(2)). */
#ifndef UMAPS_FILTER_H
#define UMAPS_FILTER_H

#include <stdbool.h>
#include <stdint.h>

/* Installs the filter in this process: the calls of call_kinds are announced to the listener, all
 * others, and those of 32-bit code, are let through. Without CAP_SYS_ADMIN it sets no_new_privs.
 * Returns the listener; -1: errno. */
int filter_install(void);

/* The notification that is being answered; in memory that the guardian shares. */
struct filter_state {
    union {
        char room[256];
        struct {
            uint64_t id;
            uint32_t pid; /* of the thread */
            uint32_t flags;
            int nr;
            uint32_t arch;
            uint64_t instruction_pointer;
            uint64_t args[6];
        };
    };
};

/* Asks the kernel to wake this process and the program on one processor (Linux 6.6). */
void filter_synchronous(int listener);

/* Takes the next notification. false: errno. */
bool filter_receive(int listener, struct filter_state *state);

/* Lets the announced call go. false: its thread is gone, or was interrupted; errno. */
bool filter_continue(int listener, uint64_t id);

/* A process that answers when this one has ended, so that the program goes on: without a listener,
 * the announced calls would fail with ENOSYS. It ends with the last process that has the filter.
 * false: errno. */
bool filter_guard(int listener, struct filter_state *state);

#endif
