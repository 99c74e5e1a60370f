#include "identity.h"

#include "arch/arch.h"
#include "self.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* <linux/capability.h>, <linux/securebits.h> */
enum { CAPABILITY_VERSION_3 = 0x20080522, CAPABILITIES = 64, SECURE_NOROOT = 1 };

static uint64_t auxv_value(const struct self *self, uint64_t type)
{
    for (size_t i = 0; i < self->auxv_count; i++) {
        if (self->auxv[2 * i] == type)
            return self->auxv[2 * i + 1];
    }
    return 0;
}

__attribute__((cold)) static uint64_t ambient_set(void)
{
    uint64_t set = 0;
    for (unsigned i = 0; i < CAPABILITIES; i++) {
        if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1)
            set |= 1ull << i;
    }
    return set;
}

/* What is to be dropped, for a process that was started with AT_SECURE. */
__attribute__((cold)) static void read_sets(struct identity *identity, const struct self *self)
{
    uint64_t uid = auxv_value(self, AT_UID), euid = auxv_value(self, AT_EUID);
    bool ids_differ = uid != euid || auxv_value(self, AT_GID) != auxv_value(self, AT_EGID);
    if ((uid == 0 || euid == 0) && (prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) & SECURE_NOROOT) == 0)
        return;
    identity->header.version = CAPABILITY_VERSION_3;
    if (arch_syscall(SYS_capget, (uintptr_t)&identity->header, (uintptr_t)identity->sets, 0, 0, 0,
                     0) != 0)
        return;
    uint64_t ambient = ambient_set();
    for (size_t i = 0; i < 2; i++) {
        uint32_t half = (uint32_t)(ambient >> 32 * i);
        identity->drops |= identity->sets[i].permitted != half ||
                           identity->sets[i].effective != half;
        identity->sets[i].permitted = identity->sets[i].effective = half;
    }
    if (identity->drops)
        identity->secure = ids_differ;
}

struct identity *identity_read(const struct self *self)
{
    struct identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL)
        return NULL;
    /* capabilities of a file set it, unless for root */
    identity->secure = auxv_value(self, AT_SECURE);
    if (identity->secure != 0)
        read_sets(identity, self);
    return identity;
}

__attribute__((cold)) int identity_try_namespace(const struct prctl_mm_map *map,
                                                 const char **refused)
{
    enum { LATER = 128 }; /* of a status: not the first of the two calls */
    long child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child == 0) {
        if (unshare(CLONE_NEWUSER) != 0)
            _exit(errno % LATER);
        /* the child's own memory, where uexec's file is still mapped: EBUSY is what is left to say
         * when all else is right */
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
