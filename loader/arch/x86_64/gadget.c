/* Finding `syscall; ...; ret` in code that stays mapped after the tool is gone. */
#include "../arch.h"

#include <string.h>

/* Instructions that may stand between `syscall` and `ret`: those that only
 * clear a register, pop one, or leave a frame. */
enum { LONGEST = 16 };

/* `xor %r, %r` of one register with itself: 31 /r or 33 /r, a REX prefix with
 * equal R and B bits.  Returns the length, 0 if it is something else. */
static size_t clear_length(const unsigned char *code, size_t length)
{
    size_t at = 0;
    unsigned rex = 0;
    if (length > 0 && (code[0] & 0xf0) == 0x40)
        rex = code[at++];
    if (length < at + 2 || (code[at] != 0x31 && code[at] != 0x33))
        return 0;
    unsigned modrm = code[at + 1];
    bool same = (modrm >> 3 & 7) == (modrm & 7) && (rex >> 2 & 1) == (rex & 1);
    return (modrm >> 6 == 3 && same) ? at + 2 : 0;
}

/* `pop %r`, but not of %rsp.  Returns the length, 0 if it is something else. */
static size_t pop_length(const unsigned char *code, size_t length)
{
    if (length >= 2 && code[0] == 0x41 && (code[1] & 0xf8) == 0x58)
        return 2;
    if (length >= 1 && (code[0] & 0xf8) == 0x58 && code[0] != 0x5c)
        return 1;
    return 0;
}

/* Does what follows a `syscall` return to the caller's frame? */
static bool decode(const unsigned char *code, size_t length, struct arch_gadget *found)
{
    size_t at = 0;
    found->words = 0;
    found->leave = false;
    for (int i = 0; i < LONGEST && at < length; i++) {
        if (code[at] == 0xc3)
            return true;
        if (code[at] == 0xc9 && i == 0) {
            found->leave = true;
            found->words++;
            at++;
            continue;
        }
        size_t step = clear_length(code + at, length - at);
        if (step == 0) {
            step = pop_length(code + at, length - at);
            found->words += step != 0;
        }
        if (step == 0)
            return false;
        at += step;
    }
    return false;
}

bool arch_gadget_find(const unsigned char *code, size_t length, uintptr_t address,
                      struct arch_gadget *found)
{
    for (size_t at = 0; at + 2 < length; at++) {
        const unsigned char *hit = memchr(code + at, 0x0f, length - at - 2);
        if (hit == NULL)
            return false;
        at = (size_t)(hit - code);
        if (code[at + 1] == 0x05 && decode(code + at + 2, length - at - 2, found)) {
            found->address = address + at;
            return true;
        }
    }
    return false;
}

void arch_fpu_initial(struct arch_fpu *fpu)
{
    static const uint16_t control = 0x037f; /* x87: all exceptions masked, 64-bit mantissa */
    static const uint32_t mxcsr = 0x1f80;   /* SSE: all exceptions masked, nearest */
    memset(fpu, 0, sizeof *fpu);
    memcpy(fpu->bytes, &control, sizeof control);
    memcpy(fpu->bytes + 24, &mxcsr, sizeof mxcsr);
}
