/* What memory holds at the entry point, and how it can grow: each of these uses something that the
 * loader has to set up or to leave alone. Run last, because it changes the mappings. */
#include "maps.h"
#include "out.h"
#include "probe.h"
#include "raw.h"

#include <sys/mman.h>

enum { PAGE = 4096 };

#ifndef PROBE_BSS
#define PROBE_BSS 8192
#endif
/* Never written. */
__attribute__((visibility("hidden"))) unsigned char probe_zeroes[PROBE_BSS];

static void put_mapping(const char *item, const char *name)
{
    struct maps_line line;
    maps_read();
    out_item(item);
    if (maps_find(name, &line)) {
        out_address(line.start);
        out_text(" +");
        out_hex(line.end - line.start);
        out_text(" ");
        out_bytes_of(line.rest, 4);
    } else {
        out_text("none");
    }
    out_end();
}

static void put_nonzero(const char *item, const volatile unsigned char *start,
                        const volatile unsigned char *end)
{
    uint64_t count = 0, first = 0;
    for (const volatile unsigned char *at = start; at < end; at++) {
        if (*at != 0 && count++ == 0)
            first = (uint64_t)(at - start);
    }
    out_item(item);
    out_decimal((int64_t)count);
    if (count != 0) {
        out_text(" from +");
        out_hex(first);
    }
    out_end();
}

/* The program's zeroes. Unless a dynamic linker has been there, its first page, which it shares
 * with the file's last bytes, is zero from where they end, and so is the rest of the page after
 * _end (musl's linker gives that to malloc). */
static void look_zeroes(void)
{
    out_line_hex("bss.length", sizeof probe_zeroes);
    put_nonzero("bss.nonzero", probe_zeroes, probe_zeroes + sizeof probe_zeroes);
    uintptr_t end = ((uintptr_t)_end + PAGE - 1) & -(uintptr_t)PAGE;
    if (!ground.fresh)
        return;
    out_line_decimal("bss.first-page.nonzero", (int64_t)ground.tail);
    put_nonzero("bss.page-after-end.nonzero", (const unsigned char *)_end,
                (const unsigned char *)end);
}

/* The stack below the stack pointer. Its first 128 bytes are left out: a function may use them
 * without saying so (psABI 3.2.2), so a program cannot expect anything of them, and a return into
 * the program has to pop its address from there. What a signal's frame takes below those is an
 * item of its own: the program may be entered by rt_sigreturn(2). Where a dynamic linker ran, all
 * of it is its. */
static void look_below(void)
{
    const unsigned char *sp = (const unsigned char *)ground.sp;
    if (!ground.fresh)
        return;
    put_nonzero("stack.below.nonzero", (const unsigned char *)ground.stack_start, sp - 512);
    put_nonzero("stack.frame.nonzero", sp - 512, sp - 128);
}

static void look_break(void)
{
    uint64_t start = (uint64_t)raw_call3(SYS_brk, 0, 0, 0);
    out_line_address("brk.start", start);
    put_mapping("brk.heap-before", "[heap]");
    uint64_t grown = (uint64_t)raw_call3(SYS_brk, start + 3 * PAGE, 0, 0);
    out_line_hex("brk.grown-by", grown - start);
    put_mapping("brk.heap-grown", "[heap]");
    uint64_t shrunk = (uint64_t)raw_call3(SYS_brk, start, 0, 0);
    out_line_hex("brk.shrunk-to", shrunk - start);
    put_mapping("brk.heap-after", "[heap]");
    uint64_t below = (uint64_t)raw_call3(SYS_brk, start - 64ul * PAGE, 0, 0);
    out_line_hex("brk.below-start", below - start);
}

static void look_mmap_place(const char *item, uint64_t length, uint64_t flags)
{
    long got = raw_call(SYS_mmap, 0, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
                        (uint64_t)-1, 0);
    out_item(item);
    if (got < 0 && got > -4096)
        out_decimal(got);
    else
        out_address((uint64_t)got);
    out_end();
    if (got >= 0)
        raw_call3(SYS_munmap, (uint64_t)got, length, 0);
}

/* Where the next mappings go tells what else is mapped, and where the area begins. */
static void look_mmap(void)
{
    look_mmap_place("mmap.page", PAGE, 0);
    look_mmap_place("mmap.2-mib", 2ul << 20, 0);
    look_mmap_place("mmap.1-gib", 1ul << 30, MAP_NORESERVE);
    look_mmap_place("mmap.16-tib", 1ul << 44, MAP_NORESERVE);
    look_mmap_place("mmap.32-bit", PAGE, MAP_32BIT);
}

/* Touch the stack 256 KiB below its mapping, if the limit allows that: it has to follow. */
static void look_growth(void)
{
    uint64_t limit[2] = {0, 0};
    raw_call3(SYS_getrlimit, 3 /* RLIMIT_STACK */, (uintptr_t)limit, 0);
    uint64_t more = 256 * 1024;
    if (limit[0] < ground.stack_end - ground.stack_start + 2 * more) {
        out_line_text("stack.growth", "not allowed");
        return;
    }
    (void)*(volatile unsigned char *)(ground.stack_start - more);
    put_mapping("stack.growth", "[stack]");
}

void look_memory(void)
{
    look_zeroes();
    look_below();
    look_break();
    look_mmap();
    look_growth();
}
