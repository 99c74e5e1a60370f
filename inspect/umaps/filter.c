#include "filter.h"

#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

_Static_assert(sizeof(struct seccomp_notif) <= sizeof(struct filter_state) &&
                   offsetof(struct filter_state, args) ==
                       offsetof(struct seccomp_notif, data) + offsetof(struct seccomp_data, args),
               "struct filter_state begins like struct seccomp_notif");

enum { WORD_LOAD = BPF_LD | BPF_W | BPF_ABS, EQUAL = BPF_JMP | BPF_JEQ | BPF_K };

/* Loads the number and compares it with each call's. prctl and arch_prctl are announced for the
 * one use that changes a layout. */
static unsigned build(struct sock_filter *filter)
{
    struct sock_filter *at = filter;
    const uint32_t announce = SECCOMP_RET_USER_NOTIF, allow = SECCOMP_RET_ALLOW;
    *at++ = (struct sock_filter)BPF_STMT(WORD_LOAD, offsetof(struct seccomp_data, arch));
    *at++ = (struct sock_filter)BPF_JUMP(EQUAL, AUDIT_ARCH_X86_64, 1, 0);
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, allow);
    *at++ = (struct sock_filter)BPF_STMT(WORD_LOAD, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < call_kind_count; i++) {
        long number = call_kinds[i].number;
        if (number == SYS_prctl || number == SYS_arch_prctl) {
            *at++ = (struct sock_filter)BPF_JUMP(EQUAL, (uint32_t)number, 0, 5);
            *at++ = (struct sock_filter)BPF_STMT(WORD_LOAD, offsetof(struct seccomp_data, args));
            if (number == SYS_prctl) {
                *at++ = (struct sock_filter)BPF_JUMP(EQUAL, PR_SET_VMA, 1, 0);
                *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, allow);
            } else { /* ARCH_MAP_VDSO_X32, _32, _64: 0x2001 to 0x2003 */
                *at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x2001, 1, 0);
                *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, allow);
            }
            *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, announce);
            *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, allow);
            continue;
        }
        *at++ = (struct sock_filter)BPF_JUMP(EQUAL, (uint32_t)number, 0, 1);
        *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, announce);
    }
    *at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, allow);
    return (unsigned)(at - filter);
}

int filter_install(void)
{
    struct sock_filter filter[128];
    struct sock_fprog program = {.filter = filter};
    const unsigned long listener = SECCOMP_FILTER_FLAG_NEW_LISTENER;
    program.len = (unsigned short)build(filter);
    for (int privileged = 1; privileged >= 0; privileged--) {
        if (!privileged && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
            return -1;
        /* since 5.19 a signal does not interrupt a call that is being looked at */
        long fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                          listener | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
        if (fd < 0 && errno == EINVAL)
            fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, listener, &program);
        if (fd >= 0 || errno != EACCES)
            return (int)fd;
    }
    return -1;
}

void filter_synchronous(int listener)
{
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1UL);
}

bool filter_receive(int listener, struct filter_state *state)
{
    memset(state, 0, sizeof(struct seccomp_notif)); /* the kernel asks for it */
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, state) == 0;
}

bool filter_continue(int listener, uint64_t id)
{
    struct seccomp_notif_resp answer = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0;
}

/* The guardian: waits until the other end of the pipe is closed, then answers. */
static _Noreturn void guard(int listener, struct filter_state *state, int wait)
{
    char byte;
    struct pollfd poll_listener = {.fd = listener, .events = POLLIN};
    while (read(wait, &byte, 1) < 0 && errno == EINTR)
        ;
    /* it may have been in the middle of one */
    if (state->id != 0)
        filter_continue(listener, state->id);
    for (;;) {
        if (poll(&poll_listener, 1, -1) < 0 && errno == EINTR)
            continue;
        if ((poll_listener.revents & POLLIN) == 0)
            _exit(0);
        if (filter_receive(listener, state))
            filter_continue(listener, state->id);
    }
}

/* Closes all descriptors but two. */
static void close_others(int one, int two)
{
    unsigned low = (unsigned)(one < two ? one : two), high = (unsigned)(one < two ? two : one);
    if (low > 0)
        syscall(SYS_close_range, 0, low - 1, 0);
    if (high - low > 1)
        syscall(SYS_close_range, low + 1, high - 1, 0);
    syscall(SYS_close_range, high + 1, ~0U, 0);
}

bool filter_guard(int listener, struct filter_state *state)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        /* of a session of its own: a terminal that closes, or ^C, is not for it */
        setsid();
        signal(SIGTERM, SIG_IGN);
        /* whoever reads the program's output, or waits for a descriptor of it, waits for its end */
        close_others(listener, ends[0]);
        guard(listener, state, ends[0]);
    }
    close(ends[0]); /* ends[1] stays open as long as this process lives */
    return true;
}
