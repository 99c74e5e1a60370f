#include "bins.h"
#include "heap.h"
#include "process.h"

enum {
    EXACT = 64,       /* bins for sizes below 1024, by 16 */
    EXACT_LIMIT = 10, /* log2 of 1024 */
    PARTS_LOG = 5,    /* log2 of the bins in a power of two */
    BINS = EXACT + (48 - EXACT_LIMIT) * (1 << PARTS_LOG),
    WORDS = BINS / 64,
    LOOKS = 16, /* in a bin where not every chunk is large enough */
};

static struct chunk *bins[BINS];
static uint64_t filled[WORDS]; /* bit b of word w: bin 64 w + b is not empty */
static uint32_t words_filled;  /* bit w: filled[w] is not 0 */

_Static_assert(BINS % 64 == 0 && WORDS <= 32, "the bitmaps");

/* The bin that a chunk of `size` is in. */
static unsigned bin_of(size_t size)
{
    if (size < 1UL << EXACT_LIMIT)
        return (unsigned)(size / 16);
    unsigned power = 63U - (unsigned)__builtin_clzl(size);
    unsigned part = (unsigned)(size >> (power - PARTS_LOG)) & ((1U << PARTS_LOG) - 1);
    return EXACT + ((power - EXACT_LIMIT) << PARTS_LOG) + part;
}

void __bins_add(struct chunk *chunk)
{
    unsigned bin = bin_of(chunk_size(chunk));

    chunk->previous = NULL;
    chunk->next = bins[bin];
    if (chunk->next)
        chunk->next->previous = chunk;
    bins[bin] = chunk;
    filled[bin / 64] |= 1UL << bin % 64;
    words_filled |= 1U << bin / 64;
}

/* Nonzero if a free chunk's neighbours in its bin do not point back at it; where the program has
 * written over the links, they may point anywhere. */
static int links_bad(const struct chunk *chunk, unsigned bin)
{
    if (chunk->next && (!__heap_has(chunk->next) || chunk->next->previous != chunk))
        return 1;
    if (!chunk->previous)
        return bins[bin] != chunk;
    return !__heap_has(chunk->previous) || chunk->previous->next != chunk;
}

void __bins_remove(struct chunk *chunk)
{
    unsigned bin = bin_of(chunk_size(chunk));

    chunk_verify(chunk);
    if (links_bad(chunk, bin))
        __process_die("heap damaged: freed memory was written to", chunk_memory(chunk));
    if (chunk->next)
        chunk->next->previous = chunk->previous;
    if (chunk->previous) {
        chunk->previous->next = chunk->next;
        return;
    }
    bins[bin] = chunk->next;
    if (bins[bin])
        return;
    filled[bin / 64] &= ~(1UL << bin % 64);
    if (!filled[bin / 64])
        words_filled &= ~(1U << bin / 64);
}

/* The first bin from `bin` on that holds something; BINS if none does. */
static unsigned bin_filled(unsigned bin)
{
    unsigned word = bin / 64;
    uint64_t bits = filled[word] & ~0UL << bin % 64;

    if (!bits) {
        uint32_t words = word == 31 ? 0 : words_filled & ~0U << (word + 1);
        if (!words)
            return BINS;
        word = (unsigned)__builtin_ctz(words);
        bits = filled[word];
    }
    return word * 64 + (unsigned)__builtin_ctzl(bits);
}

/* In the bin of a large size there may be smaller ones than that: the search begins where all are
 * large enough; if there is nothing, it looks at a few of those that may be. */
struct chunk *__bins_alloc(size_t size)
{
    unsigned exact = bin_of(size), bin = exact;
    struct chunk *chunk;

    if (size >= 1UL << EXACT_LIMIT) {
        unsigned power = 63U - (unsigned)__builtin_clzl(size);
        bin = bin_of(size + (1UL << (power - PARTS_LOG)) - 1);
    }
    bin = bin_filled(bin);
    if (bin < BINS) {
        chunk = bins[bin];
    } else {
        int left = LOOKS;
        for (chunk = bins[exact]; chunk && chunk_size(chunk) < size; chunk = chunk->next)
            if (!left-- || links_bad(chunk, exact))
                return NULL;
    }
    if (chunk)
        __bins_remove(chunk);
    return chunk;
}

struct chunk *__bins_alloc_aligned(size_t size, size_t align)
{
    unsigned bin = bin_of(size);
    int left = LOOKS;

    for (struct chunk *chunk = bins[bin]; chunk && left--; chunk = chunk->next) {
        if (links_bad(chunk, bin))
            break;
        if (chunk_size(chunk) >= size && ((uintptr_t)chunk_memory(chunk) & (align - 1)) == 0) {
            __bins_remove(chunk);
            return chunk;
        }
    }
    return NULL;
}
