#include "identity.h"

#include "base/syscall.h"
#include "self.h"

#include <elf.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* <linux/capability.h>, <linux/securebits.h> */
enum {
    CAPABILITY_VERSION_3 = 0x20080522,
    CAPABILITIES = 64,
    CAP_SYS_ADMIN = 21,
    CAP_CHECKPOINT_RESTORE = 40,
    SECURE_NOROOT = 1
};

static uint64_t auxv_value(const struct self *self, uint64_t type)
{
    for (size_t i = 0; i < self->auxv_count; i++) {
        if (self->auxv[2 * i] == type)
            return self->auxv[2 * i + 1];
    }
    return 0;
}

/* The set of capabilities for which prctl(2) returns 1: PR_CAPBSET_READ, or a query of
 * PR_CAP_AMBIENT. */
__attribute__((cold)) static uint64_t ask_set(bool ambient)
{
    uint64_t set = 0;
    for (unsigned long i = 0; i < CAPABILITIES; i++) {
        int answer = ambient ? prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0)
                             : prctl(PR_CAPBSET_READ, i, 0, 0, 0);
        if (answer == 1)
            set |= 1ull << i;
    }
    return set;
}

/* Applies the rule of capabilities(7). `root`: user 0 has its privileges. */
__attribute__((cold)) static void read_sets(struct identity *identity, const struct self *self,
                                            bool root)
{
    const uint64_t own = 1ull << CAP_SYS_ADMIN | 1ull << CAP_CHECKPOINT_RESTORE;
    bool ids_differ = auxv_value(self, AT_UID) != auxv_value(self, AT_EUID) ||
                      auxv_value(self, AT_GID) != auxv_value(self, AT_EGID);
    identity->header.version = CAPABILITY_VERSION_3;
    struct identity_set *sets = identity->sets;
    if (sys_call(SYS_capget, &identity->header, sets) != 0)
        return;
    uint64_t inheritable = sets[0].inheritable | (uint64_t)sets[1].inheritable << 32;
    /* different ids act like a set-user-ID file, which clears the ambient set */
    uint64_t ambient = ids_differ ? 0 : ask_set(true);
    uint64_t permitted = root ? inheritable | ask_set(false) : ambient;
    uint64_t effective = root && auxv_value(self, AT_EUID) == 0 ? permitted : ambient;
    struct identity_set now[2];
    for (size_t i = 0; i < 2; i++) {
        uint32_t kept = (uint32_t)(own >> 32 * i);
        now[i] = sets[i];
        /* a capability outside of the bounding set is not granted */
        sets[i].permitted &= (uint32_t)(permitted >> 32 * i);
        sets[i].effective &= (uint32_t)(effective >> 32 * i);
        identity->drops |= now[i].permitted != sets[i].permitted ||
                           now[i].effective != sets[i].effective;
        now[i].permitted &= sets[i].permitted | kept;
        now[i].effective &= sets[i].effective | kept;
    }
    if (!identity->drops)
        return;
    identity->secure = ids_differ;
    sys_call(SYS_capset, &identity->header, now);
}

struct identity *identity_read(const struct self *self)
{
    struct identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL)
        return NULL;
    uint64_t uid = auxv_value(self, AT_UID), euid = auxv_value(self, AT_EUID);
    bool root = (uid == 0 || euid == 0) && (prctl(PR_GET_SECUREBITS) & SECURE_NOROOT) == 0;
    /* a file's capabilities set AT_SECURE, except for user 0, who has all of them as a rule */
    identity->secure = auxv_value(self, AT_SECURE);
    if (root ? uid != euid : identity->secure != 0 || uid == 0 || euid == 0)
        read_sets(identity, self, root);
    return identity;
}

int identity_try_namespace(const struct prctl_mm_map *map, const char **refused)
{
    enum { LATER = 128 }; /* added to the status if the second of the two calls failed */
    *refused = "a user namespace, under a seccomp filter,";
    if (prctl(PR_GET_SECCOMP) == SECCOMP_FILTERED)
        return EPERM;
    long child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child == 0) {
        if (unshare(CLONE_NEWUSER) != 0)
            _exit(errno % LATER);
        /* in the child's own memory uexec's file is still mapped: if all else is right, the error
         * is EBUSY */
        if (prctl(PR_SET_MM, PR_SET_MM_MAP, (uintptr_t)map, sizeof *map, 0) == 0 || errno == EBUSY)
            _exit(0);
        _exit(LATER + errno % LATER);
    }
    int status;
    *refused = "a process for it";
    if (child < 0)
        return errno;
    if (waitpid((pid_t)child, &status, __WALL) != child || !WIFEXITED(status))
        return ECHILD;
    *refused = WEXITSTATUS(status) < LATER ? "a user namespace"
                                           : "setting it from a user namespace";
    return WEXITSTATUS(status) % LATER;
}
