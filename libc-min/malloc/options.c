/* mallopt(3), and the environment's variables for it. */
#include "options.h"
#include "arena.h"
#include "harden.h"
#include "heap.h"
#include "process.h"
#include "run.h"
#include <elf.h>
#include <stdlib.h>
#include <string.h>

struct malloc_limits __malloc_limits = {128 << 10, RUN_LARGEST, RUN_NARROW};
unsigned char __malloc_perturb;
int __malloc_started;

/* mallopt(3)'s numbers: see headers/malloc.h. */
enum {
    TRIM_THRESHOLD = -1,
    TOP_PAD = -2,
    MMAP_THRESHOLD = -3,
    MMAP_MAX = -4,
    PERTURB = -6,
    HARDEN = -1000,
};

static const struct {
    char name[24];
    int parameter;
} variables[] = {
    {"MALLOC_TRIM_THRESHOLD_", TRIM_THRESHOLD},
    {"MALLOC_TOP_PAD_", TOP_PAD},
    {"MALLOC_MMAP_THRESHOLD_", MMAP_THRESHOLD},
    {"MALLOC_MMAP_MAX_", MMAP_MAX},
    {"MALLOC_PERTURB_", PERTURB},
    {"MALLOC_HARDEN_", HARDEN},
};

static const struct {
    char name[12];
    unsigned mode;
} modes[] = {
    {"poison", HARDEN_POISON}, {"zero", HARDEN_ZERO},   {"quarantine", HARDEN_QUARANTINE},
    {"random", HARDEN_RANDOM}, {"guard", HARDEN_GUARD}, {"all", HARDEN_ALL},
};

static void limits_set(void)
{
    size_t from = __malloc_limits.mapped_from;

    __malloc_limits.small_below = from > RUN_LARGEST ? RUN_LARGEST : from;
    __malloc_limits.fast_below = from > RUN_NARROW ? RUN_NARROW : from;
    if (__malloc_harden || __malloc_perturb)
        __malloc_limits.fast_below = 0;
}

static int set(int parameter, long value)
{
    if (value < 0 && (parameter != TRIM_THRESHOLD || value != -1))
        return 0;
    switch (parameter) {
    case TRIM_THRESHOLD:
        __heap_trim_threshold = (size_t)value; /* -1: never */
        return 1;
    case TOP_PAD:
        __heap_top_pad = (size_t)value;
        return 1;
    case MMAP_THRESHOLD:
        __malloc_limits.mapped_from = (size_t)value;
        break;
    case MMAP_MAX: /* 0, or as many as the kernel gives */
        __malloc_limits.mapped_from = value == 0 ? SIZE_MAX : 128 << 10;
        break;
    case PERTURB:
        __malloc_perturb = (unsigned char)value;
        __harden_changed();
        break;
    case HARDEN:
        if (value & ~HARDEN_ALL)
            return 0;
        __malloc_harden = (unsigned)value;
        __harden_changed();
        break;
    default:
        return 0;
    }
    limits_set();
    return 1;
}

/* "guard,poison", or a number. What is no mode is passed over. */
static long harden_value(const char *text)
{
    unsigned sum = 0;

    if (*text >= '0' && *text <= '9')
        return strtol(text, NULL, 0) & HARDEN_ALL;
    while (*text) {
        size_t length = strcspn(text, ",");
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
            if (strlen(modes[i].name) == length && memcmp(modes[i].name, text, length) == 0)
                sum |= modes[i].mode;
        text += length + (text[length] == ',');
    }
    return sum;
}

void __malloc_start(void)
{
    heap_lock();
    if (!__malloc_started && !__process_auxv(AT_SECURE)) {
        for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
            const char *text = getenv(variables[i].name);
            if (text && *text)
                set(variables[i].parameter,
                    variables[i].parameter == HARDEN ? harden_value(text) : strtol(text, NULL, 0));
        }
    }
    __atomic_store_n(&__malloc_started, 1, __ATOMIC_RELEASE);
    heap_unlock();
}

int mallopt(int parameter, int value)
{
    if (!__atomic_load_n(&__malloc_started, __ATOMIC_ACQUIRE))
        __malloc_start();
    heap_lock();
    int known = set(parameter, value);
    heap_unlock();
    return known;
}
