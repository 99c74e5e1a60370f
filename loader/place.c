#include "place.h"

#include "arch/arch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/random.h>
#include <unistd.h>

/* A small decimal number in a file of /proc/sys; `otherwise` if it can't be had. */
static unsigned read_setting(const char *path, unsigned otherwise)
{
    char text[16] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return otherwise;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    return got <= 0 ? otherwise : (unsigned)strtoul(text, NULL, 10);
}

void place_read(struct place *place)
{
    *place = (struct place){.mmap_bits = ARCH_MMAP_RANDOM_BITS};
    int persona = personality(0xffffffff);
    if (persona != -1 && (persona & ADDR_NO_RANDOMIZE) != 0)
        return;
    unsigned setting = read_setting("/proc/sys/kernel/randomize_va_space", 2);
    place->randomize = setting != 0;
    place->randomize_break = setting > 1;
    unsigned bits = place->randomize ? read_setting("/proc/sys/vm/mmap_rnd_bits", 0) : 0;
    if (bits >= ARCH_MMAP_RANDOM_BITS && bits <= 32)
        place->mmap_bits = bits;
}

/* A random number below `limit` (a power of two). */
static uint64_t random_below(uint64_t limit)
{
    uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
        return 0;
    return value & (limit - 1);
}

uint64_t place_pie(const struct place *place, const struct plan *plan)
{
    uint64_t base = ARCH_PIE_BASE;
    if (place->randomize)
        base += random_below(1ul << place->mmap_bits) * ARCH_PAGE;
    base &= ~(plan->align - 1);
    return (base - plan->start) & ~(ARCH_PAGE - 1);
}

uint64_t place_break(const struct place *place, const struct plan *plan, uint64_t bias)
{
    uint64_t start = plan->break_start + bias;
    /* quirk (kernel 6.18, seen with and without ASLR): a static PIE's break is
     * not after its bss but where a PIE would have begun */
    if (plan->placement == PLAN_MMAP)
        start = (ARCH_PIE_BASE + ARCH_PAGE - 1) & ~(ARCH_PAGE - 1);
    if (place->randomize_break)
        start += random_below(ARCH_BRK_RANDOM_RANGE / ARCH_PAGE) * ARCH_PAGE;
    return start;
}

uint64_t place_stack_fill(const struct place *place)
{
    return place->randomize ? random_below(ARCH_STACK_FILL_RANGE) : 0;
}
