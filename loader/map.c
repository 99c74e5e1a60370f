#include "map.h"

#include "arch.h"
#include "base/page.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "message.h"
#include "reserved.h"
#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Reports why mmap() failed, in the program's terms. `chosen`: the kernel was to choose the
 * address. */
__attribute__((cold)) static bool map_failed(const struct plan_step *step, uint64_t address,
                                             bool chosen, int error, struct problem *problem)
{
    if (error == EEXIST && address < reserved_end() && address + step->length > reserved_start)
        return problem_set(problem,
                           "program header %zu: 0x%" PRIx64 "-0x%" PRIx64
                           " lies on uexec itself (0x%lx-0x%lx)",
                           step->phdr, address, address + step->length, reserved_start,
                           reserved_end());
    if (error == EEXIST)
        return problem_set(problem,
                           "program header %zu: 0x%" PRIx64 "-0x%" PRIx64
                           " is taken by another mapping",
                           step->phdr, address, address + step->length);
    if (chosen)
        return problem_set(problem, "program header %zu: cannot map 0x%" PRIx64 " bytes (%s)",
                           step->phdr, step->length, message_errno(error));
    return problem_set(problem,
                       "program header %zu: cannot map 0x%" PRIx64 " bytes at 0x%" PRIx64 " (%s)",
                       step->phdr, step->length, address, message_errno(error));
}

/* Makes the reservation. With `address` 0 and `fixed` false, the kernel chooses; it chooses the
 * same address as in execve, because its own loader makes the same call. */
static bool reserve(const struct plan_step *step, const struct image *image, uint64_t address,
                    bool fixed, uint64_t *got, struct problem *problem)
{
    int flags = MAP_PRIVATE | (fixed ? MAP_FIXED_NOREPLACE : 0) |
                (step->keep == 0 ? MAP_ANONYMOUS | MAP_NORESERVE : 0);
    void *start = mmap((void *)address, step->length, step->protection, flags,
                       step->keep == 0 ? -1 : image->fd, (off_t)step->offset);
    if (start == MAP_FAILED)
        return map_failed(step, address, !fixed, errno, problem);
    *got = (uint64_t)start;
    /* a kernel before 4.17 takes the address as a mere hint */
    if (fixed && *got != address) {
        munmap(start, step->length);
        return map_failed(step, address, false, EEXIST, problem);
    }
    return true;
}

static bool reserve_place(struct image *image, bool aligned, uint64_t hint, struct problem *problem)
{
    const struct plan *plan = &image->plan;
    const struct plan_step *step = &plan->steps[0];
    uint64_t got;
    if (plan->placement != PLAN_MMAP)
        return reserve(step, image, step->address + image->bias, true, &got, problem);
    if (!reserve(step, image, hint, false, &got, problem))
        return false;
    /* quirk (kernel): a static PIE with more than page alignment goes where mmap puts it, and then
     * down to a multiple of the alignment */
    if (aligned && plan->align > ARCH_PAGE) {
        munmap((void *)got, step->length);
        uint64_t down = (got & ~(plan->align - 1)) - step->address;
        image->bias = page_down(down);
        return reserve(step, image, step->address + image->bias, true, &got, problem);
    }
    image->bias = got - step->address;
    return true;
}

/* The tool writes to the program's memory only to clear a tail. That write faults if the file has
 * shrunk since the check. The tool still stands at this point, so the fault becomes an error like
 * the others. */
static const char *clearing;

static void on_bus_error(int signal)
{
    (void)signal;
    message(clearing, "the file became shorter while it was being mapped");
    _exit(STATUS_UNUSABLE);
}

/* The system call itself, because libc's sigaction() leaves traces: a restorer in SIGBUS's
 * disposition, unblocked signals in the mask. */
static void clear_tail(void *address, size_t length, const char *name)
{
    struct arch_sigaction before, now = {.handler = on_bus_error, .flags = ARCH_SA_RESTORER};
    clearing = name;
    sys_call(SYS_rt_sigaction, SIGBUS, &now, &before, sizeof now.mask);
    memset(address, 0, length);
    sys_call(SYS_rt_sigaction, SIGBUS, &before, 0, sizeof now.mask);
}

bool image_map(struct image *image, bool aligned, uint64_t hint, struct problem *problem)
{
    const struct plan *plan = &image->plan;
    if (!reserve_place(image, aligned, hint, problem))
        return false;
    trace_step(image, &plan->steps[0], image->bias);
    for (size_t i = 1; i < plan->count; i++) {
        const struct plan_step *step = &plan->steps[i];
        void *address = (void *)(step->address + image->bias);
        void *got = address;
        switch (step->kind) {
        case PLAN_RESERVE: { /* another part of an image at its own addresses */
            uint64_t where;
            if (!reserve(step, image, step->address + image->bias, true, &where, problem))
                return false;
            break;
        }
        case PLAN_MAP_FILE:
            got = mmap(address, step->length, step->protection, MAP_PRIVATE | MAP_FIXED, image->fd,
                       (off_t)step->offset);
            break;
        case PLAN_MAP_ZERO:
            got = mmap(address, step->length, step->protection,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
            break;
        case PLAN_CLEAR:
            clear_tail(address, step->length, image->name);
            break;
        case PLAN_UNMAP:
            if (munmap(address, step->length) != 0)
                got = MAP_FAILED;
            break;
        }
        if (got == MAP_FAILED)
            return map_failed(step, (uint64_t)address, false, errno, problem);
        trace_step(image, step, image->bias);
    }
    return true;
}
