/* The vDSO: that AT_SYSINFO_EHDR finds it, and that it works where it is, which takes its data to
 * be where its code expects them. */
#include "maps.h"
#include "out.h"
#include "probe.h"
#include "raw.h"

#include <elf.h>
#include <time.h>

static bool text_equals(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return *a == *b;
}

/* A function of the vDSO by name; 0: it has none. Its dynamic symbols end where their strings
 * begin. */
static uintptr_t find_function(uintptr_t image, const char *name)
{
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
    const Elf64_Phdr *phdr = (const Elf64_Phdr *)(image + header->e_phoff);
    const Elf64_Dyn *dynamic = NULL;
    const Elf64_Sym *symbols = NULL;
    const char *strings = NULL;
    for (int i = 0; i < header->e_phnum; i++) {
        if (phdr[i].p_type == PT_DYNAMIC)
            dynamic = (const Elf64_Dyn *)(image + phdr[i].p_vaddr);
    }
    for (; dynamic != NULL && dynamic->d_tag != DT_NULL; dynamic++) {
        if (dynamic->d_tag == DT_SYMTAB)
            symbols = (const Elf64_Sym *)(image + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_STRTAB)
            strings = (const char *)(image + dynamic->d_un.d_ptr);
    }
    if (symbols == NULL || strings == NULL)
        return 0;
    for (const Elf64_Sym *symbol = symbols; (const char *)(symbol + 1) <= strings; symbol++) {
        if (text_equals(strings + symbol->st_name, name))
            return image + symbol->st_value;
    }
    return 0;
}

/* A clock from two sources, the second asked between two questions to the first. */
static const char *order(const struct timespec *before, const struct timespec *between,
                         const struct timespec *after)
{
    int64_t a = (int64_t)before->tv_sec * 1000000000 + before->tv_nsec;
    int64_t b = (int64_t)between->tv_sec * 1000000000 + between->tv_nsec;
    int64_t c = (int64_t)after->tv_sec * 1000000000 + after->tv_nsec;
    return a <= b && b <= c ? "the kernel's time" : "another time";
}

void look_vdso(void)
{
    struct maps_line line;
    uintptr_t image = auxv_value(AT_SYSINFO_EHDR);
    out_line_address("vdso.address", image);
    maps_read();
    bool mapped = maps_find("[vdso]", &line);
    out_line_text("vdso.mapping", !mapped               ? "none"
                                  : line.start == image ? "begins there"
                                                        : "begins elsewhere");
    if (image == 0 || !mapped || line.start != image)
        return;
    out_line_hex("vdso.magic", *(const uint32_t *)image);
    uintptr_t function = find_function(image, "__vdso_clock_gettime");
    if (function == 0) {
        out_line_text("vdso.clock", "no function");
        return;
    }
    struct timespec before, between, after;
    raw_call3(SYS_clock_gettime, CLOCK_MONOTONIC, (uintptr_t)&before, 0);
    ((int (*)(int, struct timespec *))function)(CLOCK_MONOTONIC, &between);
    raw_call3(SYS_clock_gettime, CLOCK_MONOTONIC, (uintptr_t)&after, 0);
    out_line_text("vdso.clock", order(&before, &between, &after));
}

void look_vdso_through_libc(void)
{
    struct timespec before, between, after;
    raw_call3(SYS_clock_gettime, CLOCK_MONOTONIC, (uintptr_t)&before, 0);
    clock_gettime(CLOCK_MONOTONIC, &between);
    raw_call3(SYS_clock_gettime, CLOCK_MONOTONIC, (uintptr_t)&after, 0);
    out_line_text("libc.clock", order(&before, &between, &after));
}
