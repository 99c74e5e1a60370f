/* The GNU hash of a name. The code is in a header because every symbol's lookup inlines it. */
#ifndef RT_NAME_H
#define RT_NAME_H

#include "lookup.h"

/* 33 to the power of i, modulo 2^32. */
static const uint32_t name_powers[] = {1,
                                       33,
                                       33 * 33,
                                       33 * 33 * 33,
                                       1185921,
                                       39135393,
                                       1291467969,
                                       (uint32_t)(1291467969ul * 33),
                                       (uint32_t)(1291467969ul * 33 * 33)};

static inline uint64_t name_load8(const char *from)
{
    uint64_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
}

/* The GNU hash, h * 33 + c from 5381 on, for eight characters at a time: pairs, fours and eights
 * are put together side by side in one word, and h waits for one multiplication, not eight. */
static inline uint32_t name_hash8(uint64_t word)
{
    const uint64_t bytes = 0x00ff00ff00ff00ff, pairs = 0x0000ffff0000ffff;
    uint64_t two = (word & bytes) * 33 + (word >> 8 & bytes);
    uint64_t four = (two & pairs) * (33 * 33) + (two >> 16 & pairs);
    return (uint32_t)four * name_powers[4] + (uint32_t)(four >> 32);
}

/* Fills in name, hash and length. `room`: bytes that may be read from `name` on, its NUL included.
 */
static inline void lookup_name(struct reference *reference, const char *name, size_t room)
{
    uint32_t hash = 5381;
    const char *at = name;
    for (; room >= 8; room -= 8, at += 8) {
        uint64_t word = name_load8(at);
        uint64_t nul = (word - 0x0101010101010101) & ~word & 0x8080808080808080;
        if (nul != 0) {
            /* the bytes before the NUL, with zeroes in front of them to make eight */
            unsigned bytes = (unsigned)__builtin_ctzl(nul) / 8;
            if (bytes > 0)
                hash = hash * name_powers[bytes] + name_hash8(word << (64 - 8 * bytes));
            at += bytes;
            goto done;
        }
        hash = hash * name_powers[8] + name_hash8(word);
    }
    for (; *at != '\0'; at++)
        hash = hash * 33 + (unsigned char)*at;
done:
    reference->name = name;
    reference->hash = hash;
    reference->length = (uint32_t)(at - name);
}

#endif
