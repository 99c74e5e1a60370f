#include "placement.h"

#include "arch.h"
#include "base/problem.h"
#include "base/syscall.h"
#include "self.h"

#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>

/* A static PIE's break without randomness. Quirk (kernel 6.18 and Debian's 6.1, seen with and
 * without ASLR): the break is not behind the bss, but where a PIE would begin. Other kernels leave
 * a break that is not random behind the bss (binfmt_elf.c of 6.12). */
#define STATIC_PIE_BREAK ((ARCH_PIE_BASE + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1))

/* The bits of randomness of the mmap area, in pages: vm.mmap_rnd_bits, 28 to 32. Only root may read
 * that file, and reading takes 3 us. But the kernel has just put something of this process at the
 * top of its mmap area: the vDSO, or, where that is above the stack, the tool itself, unless 6.10
 * and later had put the tool into the reserved range. Its distance from the top exceeds 28 bits
 * only if the area has more. */
static unsigned mmap_random_bits(const struct self *self)
{
    static const uint64_t reach = (1ul << ARCH_MMAP_RANDOM_BITS) * ARCH_PAGE;
    /* above it: the gap for the stack, small with a usual limit */
    static const uint64_t gap = 64ul << 30;
    uintptr_t top = self->vdso_elf < self->stack_high ? self->vdso_elf
                    : self->untouched                 ? 0
                                                      : self->placed;
    bool further = top != 0 && top < ARCH_TASK_SIZE - gap - reach &&
                   top > ARCH_TASK_SIZE - gap - (reach << 4);
    return further ? ARCH_MMAP_RANDOM_BITS_MAX : ARCH_MMAP_RANDOM_BITS;
}

bool placement_read(struct placement *place, const struct self *self, struct problem *problem)
{
    struct {
        uint64_t numbers[3];
        unsigned char bytes[sizeof place->random];
    } fresh;
    if (getrandom(&fresh, sizeof fresh, 0) != (ssize_t)sizeof fresh)
        return problem_usage(problem, "no random bytes to be had");
    place->random_pie = fresh.numbers[0];
    place->random_break = fresh.numbers[1];
    place->random_stack = fresh.numbers[2];
    memcpy(place->random, fresh.bytes, sizeof place->random);

    place->randomize = self->stack_high != ARCH_TASK_SIZE;
    uintptr_t tool_break = (uintptr_t)sys_call(SYS_brk, 0);
    place->mmap_bits = mmap_random_bits(self);
    place->break_after_bss = tool_break == self->placed + self->image_length;
    place->randomize_break = place->randomize && tool_break != STATIC_PIE_BREAK &&
                             !place->break_after_bss;
    return true;
}

uint64_t placement_pie(const struct placement *place, const struct plan *plan)
{
    uint64_t base = ARCH_PIE_BASE;
    if (place->randomize)
        base += (place->random_pie & ((1ul << place->mmap_bits) - 1)) * ARCH_PAGE;
    base &= ~(plan->align - 1);
    return (base - plan->start) & ~(ARCH_PAGE - 1);
}

uint64_t placement_break(const struct placement *place, const struct plan *plan, uint64_t bias)
{
    bool away = plan->placement == PLAN_MMAP && !place->break_after_bss;
    uint64_t start = away ? STATIC_PIE_BREAK : plan->break_start + bias;
    if (place->randomize_break)
        start += place->random_break % (ARCH_BRK_RANDOM_RANGE / ARCH_PAGE) * ARCH_PAGE;
    return start;
}

uint64_t place_stack_fill(const struct placement *place)
{
    return place->randomize ? place->random_stack % ARCH_STACK_FILL_RANGE : 0;
}
