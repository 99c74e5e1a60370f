#include "probe.h"

#include "out.h"
#include "raw.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct ground ground;

/* Bytes that are not zero between the end of what the file holds and the end of that page: the
 * file goes on there, and a loader has to clear it. */
static uint64_t count_tail(void)
{
    uint64_t count = 0;
    for (const volatile char *at = __bss_start; (uintptr_t)at % 4096 != 0 && at < _end; at++)
        count += *at != 0;
    return count;
}

/* What probe_start calls, on a stack of its own. The order: what later looks would change comes
 * first. */
__attribute__((visibility("hidden"))) void probe_look(void);
void probe_look(void)
{
    uint64_t tail = count_tail(); /* before anything in .bss is written */
    look_start();
    ground.tail = tail;
    look_maps();
    look_registers();
    look_stack();
    look_proc();
    look_task();
    look_signals();
    look_files();
    look_vdso();
    look_memory();
}

/* The four places that randomness moves, for the tests that run the probe often: a position-
 * independent program's base, the break above its end, the mmap area, the stack pointer. */
static void where(void)
{
    out_length = 0;
    out_line_hex("program", (uintptr_t)__ehdr_start);
    out_line_hex("break", (uint64_t)raw_call3(SYS_brk, 0, 0, 0));
    out_line_hex("end", ((uintptr_t)_end + 4095) & ~4095ul);
    out_line_hex("mmap", (uint64_t)raw_call(SYS_mmap, 0, 4096, PROT_NONE,
                                            MAP_PRIVATE | MAP_ANONYMOUS, (uint64_t)-1, 0));
    out_line_hex("vdso", auxv_value(AT_SYSINFO_EHDR));
    out_line_hex("sp", (uintptr_t)ground.sp);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "where") == 0)
        where();
    else
        look_vdso_through_libc();
    for (size_t at = 0; at < out_length;) {
        ssize_t got = write(1, out_bytes + at, out_length - at);
        if (got <= 0)
            return 1;
        at += (size_t)got;
    }
    return 0;
}
