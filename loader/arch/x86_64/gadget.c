/* Finding `syscall; ...; ret`, and a way to rt_sigreturn(2), in code that stays mapped after the
 * tool is gone. */
#include "loader/arch.h"

#include <string.h>
#include <sys/syscall.h>

/* Instructions that may stand between `syscall` and `ret`: those that only
 * clear a register, pop one, or leave a frame. */
enum { LONGEST = 16 };

/* Registers by their numbers in instructions (SDM vol. 2, 2.1.5): the four in which a system call
 * leaves values besides its result. */
enum { RCX = 1, RSP = 4, RSI = 6, RDI = 7, R11 = 11 };
enum { LEFT_OVER = 1 << RCX | 1 << RSI | 1 << RDI | 1 << R11 };

/* `xor %r, %r` of one register with itself, but not %rsp: 31 /r or 33 /r, a REX
 * prefix with equal R and B bits.  Returns the length, 0 if it is something
 * else; *cleared is the register's number. */
static size_t clear_length(const unsigned char *code, size_t length, unsigned *cleared)
{
    size_t at = 0;
    unsigned rex = 0;
    if (length > 0 && (code[0] & 0xf0) == 0x40)
        rex = code[at++];
    if (length < at + 2 || (code[at] != 0x31 && code[at] != 0x33))
        return 0;
    unsigned modrm = code[at + 1];
    bool same = (modrm >> 3 & 7) == (modrm & 7) && (rex >> 2 & 1) == (rex & 1);
    *cleared = (modrm & 7) | (rex & 1) << 3;
    return modrm >> 6 == 3 && same && *cleared != RSP ? at + 2 : 0;
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

/* Do the instructions behind a `syscall` return to the caller's frame? */
static bool decode(const unsigned char *code, size_t length, struct arch_gadget *found)
{
    size_t at = 0;
    unsigned all_cleared = 0;
    found->words = 0;
    found->leave = false;
    for (int i = 0; i < LONGEST && at < length; i++) {
        if (code[at] == 0xc3) {
            found->clean = (all_cleared & LEFT_OVER) == LEFT_OVER;
            return true;
        }
        if (code[at] == 0xc9 && i == 0) {
            found->leave = true;
            found->words++;
            at++;
            continue;
        }
        unsigned cleared = 0;
        size_t step = clear_length(code + at, length - at, &cleared);
        if (step != 0) {
            all_cleared |= 1u << cleared;
        } else {
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
    bool any = false;
    for (size_t at = 0; at + 2 < length; at++) {
        struct arch_gadget candidate;
        const unsigned char *hit = memchr(code + at, 0x0f, length - at - 2);
        if (hit == NULL)
            break;
        at = (size_t)(hit - code);
        if (code[at + 1] != 0x05 || !decode(code + at + 2, length - at - 2, &candidate))
            continue;
        if (!any || candidate.clean) {
            candidate.address = address + at;
            *found = candidate;
            any = true;
        }
        if (candidate.clean)
            break;
    }
    return any;
}

bool arch_restorer_find(const unsigned char *code, size_t length, uintptr_t address,
                        uintptr_t syscall, struct arch_restorer *found)
{
    /* the common end of `mov $15, %eax` and `mov $15, %rax`, then `syscall` */
    static const unsigned char number[] = {SYS_rt_sigreturn, 0, 0, 0, 0x0f, 0x05};
    static const unsigned char mov_rax[] = {0x48, 0xc7, 0xc0};
    static const unsigned char pop_rax[] = {0x58, 0xc3};

    /* One part after the other: a large program need not be read to its end for one form while the
     * other is at its start. */
    enum { CHUNK = 65536 };
    for (size_t from = 0; from < length; from += CHUNK) {
        size_t room = length - from < CHUNK + sizeof number ? length - from : CHUNK + sizeof number;
        for (size_t at = 0; at + sizeof number <= room; at++) {
            const unsigned char *hit = memmem(code + from + at, room - at, number, sizeof number);
            if (hit == NULL)
                break;
            at = (size_t)(hit - (code + from));
            size_t before = from + at;
            size_t step = 0;
            if (before >= sizeof mov_rax &&
                memcmp(hit - sizeof mov_rax, mov_rax, sizeof mov_rax) == 0)
                step = sizeof mov_rax;
            else if (before >= 1 && hit[-1] == 0xb8)
                step = 1;
            if (step == 0)
                continue;
            *found = (struct arch_restorer){1, {address + before - step}};
            return true;
        }
        const unsigned char *hit = memmem(code + from, room, pop_rax, sizeof pop_rax);
        if (hit != NULL) {
            *found =
                (struct arch_restorer){3,
                                       {address + (size_t)(hit - code), SYS_rt_sigreturn, syscall}};
            return true;
        }
    }
    return false;
}
