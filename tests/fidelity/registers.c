/* Registers at the entry point: psABI 3.4.1 leaves most of them unspecified, the kernel clears
 * them all, and so must whoever stands in for it. */
#include "out.h"
#include "probe.h"
#include "raw.h"

enum { GET_FS = 0x1003, GET_GS = 0x1004 }; /* arch_prctl(2) */

/* The flags that arithmetic leaves behind (CF PF AF ZF SF OF). The psABI says nothing of them; what
 * is left are the ones that change how instructions work: DF, IF, TF, AC, IOPL, ... */
enum { ARITHMETIC_FLAGS = 0x8d5 };

/* Where a state component is in an XSAVE area of the standard format, and how long (SDM vol. 1,
 * 13.4.3; CPUID leaf 0xd). */
static void component_place(unsigned number, uint32_t *offset, uint32_t *length)
{
    uint32_t a = 0xd, b, c = number, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    *offset = b;
    *length = a;
}

static uint64_t state_word(size_t offset, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = bytes; i-- > 0;)
        value = value << 8 | probe_entry_state[offset + i];
    return value;
}

static size_t nonzero(size_t offset, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += probe_entry_state[offset + i] != 0;
    return count;
}

/* Components that say in the area's header that they are in their initial state, and so were not
 * written, count as zero: that is what the area held before. */
static void look_state(void)
{
    out_line_hex("registers.fcw", state_word(0, 2));
    out_line_hex("registers.fsw", state_word(2, 2));
    out_line_hex("registers.ftw", state_word(4, 1));
    out_line_hex("registers.mxcsr", state_word(24, 4));
    if (probe_entry.xsave_mask >> 9 & 1) {
        uint32_t offset, length;
        component_place(9, &offset, &length);
        out_line_hex("registers.pkru", state_word(offset, 4));
    }
    if (!ground.fresh)
        return;
    out_line_decimal("registers.x87.nonzero", (int64_t)nonzero(32, 128));
    for (uint64_t i = 0; i < 16; i++) {
        out_item_number("registers.xmm", i);
        out_hex(state_word(160 + 16 * i + 8, 8));
        out_text(" ");
        out_hex(state_word(160 + 16 * i, 8));
        out_end();
    }
    for (unsigned i = 2; i < 9; i++) {
        uint32_t offset, length;
        if ((probe_entry.xsave_mask >> i & 1) == 0)
            continue;
        component_place(i, &offset, &length);
        if (offset + length > ENTRY_STATE_BYTES)
            continue;
        out_item_part("registers.component", i, "nonzero");
        out_decimal((int64_t)nonzero(offset, length));
        out_end();
    }
    /* Which components the processor holds to be in use (XSTATE_BV), but for SSE: with MXCSR as it
     * is at the start that bit is now there and now not, under execve too (1 run in 150 on a busy
     * machine). */
    if (probe_entry.xsave_mask != 0)
        out_line_hex("registers.in-use", state_word(512, 8) & ~UINT64_C(2));
}

void look_registers(void)
{
    static const char names[16][4] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
                                      "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};
    static const char segments[6][3] = {"cs", "ss", "ds", "es", "fs", "gs"};
    for (size_t i = 0; i < 16; i++) {
        /* the others are the dynamic linker's; rdx is what it has to pass on */
        if (!ground.fresh && i != ENTRY_RSP && i != ENTRY_RDX)
            continue;
        out_text("registers.");
        out_line_address(names[i], probe_entry.general[i]);
    }
    out_line_hex("registers.rflags", probe_entry.flags & ~(uint64_t)ARITHMETIC_FLAGS);
    for (size_t i = 0; i < 6; i++) {
        out_text("registers.");
        out_line_hex(segments[i], probe_entry.segments[i]);
    }
    uint64_t base = 0;
    raw_call3(SYS_arch_prctl, GET_FS, (uintptr_t)&base, 0);
    out_line_address("registers.fs-base", base);
    base = 0;
    raw_call3(SYS_arch_prctl, GET_GS, (uintptr_t)&base, 0);
    out_line_address("registers.gs-base", base);
    look_state();
}
