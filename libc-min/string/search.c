/* The search for strstr() and memmem(): linear in the length of both, in constant space.
 *
 * M. Crochemore, D. Perrin, "Two-way string-matching", Journal of the ACM 38(3), 1991.
 *
 * The needle is cut at a critical factorization. Its right half is compared forwards: a mismatch
 * there moves the window past the byte that differs. Then the left half is compared: a mismatch
 * there moves the window by the needle's period. */
#include "internal.h"
#include <string.h>

/* For a shorter needle, to try every place of its first byte is faster; the product of the lengths
 * is still linear in the length of the haystack. */
#define SHORT_NEEDLE 16

/* Bytes in which the end of a string is looked for at a time: enough to be cheap, and few enough
 * that a match at the beginning of a long string does not read all of it. */
#define LOOK_AHEAD 1024

struct text {
    const unsigned char *bytes;
    size_t known; /* bytes known to exist */
    int open;     /* more bytes may follow, up to a terminator that has not been found yet */
};

/* Nonzero if the text has at least `size` bytes. */
static inline int text_reaches(struct text *text, size_t size)
{
    size_t more, found;

    if (LIKELY(size <= text->known))
        return 1;
    if (!text->open)
        return 0;
    more = size - text->known + LOOK_AHEAD;
    found = __strnlen((const char *)text->bytes + text->known, more);
    text->known += found;
    text->open = found == more;
    return size <= text->known;
}

static void *search_short(struct text *text, const unsigned char *needle, size_t size)
{
    size_t at = 0;

    while (text_reaches(text, at + size)) {
        size_t places = text->known - at - size + 1;
        const unsigned char *place = memchr(text->bytes + at, needle[0], places);

        if (!place) {
            at += places;
            continue;
        }
        if (memcmp(place + 1, needle + 1, size - 1) == 0)
            return (void *)place;
        at = (size_t)(place - text->bytes) + 1;
    }
    return NULL;
}

/* Finds where the greatest suffix of the needle begins, under the order of bytes or the reverse
 * order, and the period of that suffix. */
static size_t greatest_suffix(const unsigned char *needle, size_t size, int reverse,
                              size_t *period_out)
{
    size_t suffix = 0, candidate = 1, matched = 0, period = 1;

    while (candidate + matched < size) {
        unsigned char a = needle[candidate + matched], b = needle[suffix + matched];

        if (a == b) {
            if (++matched == period) {
                candidate += period;
                matched = 0;
            }
        } else if (reverse ? a > b : a < b) {
            candidate += matched + 1;
            matched = 0;
            period = candidate - suffix;
        } else {
            suffix = candidate++;
            matched = 0;
            period = 1;
        }
    }
    *period_out = period;
    return suffix;
}

static void *search_two_way(struct text *text, const unsigned char *needle, size_t size)
{
    size_t period, other_period, last_at[UCHAR_MAX + 1];
    size_t cut = greatest_suffix(needle, size, 0, &period);
    size_t other_cut = greatest_suffix(needle, size, 1, &other_period);
    size_t at = 0, remembered = 0, keep;
    struct byte_set present = {{0}};

    if (other_cut > cut) {
        cut = other_cut;
        period = other_period;
    }
    /* If the left half does not repeat at that distance, the needle has no period so short. Then
     * the length of its longer half is a safe move, after which no byte is known to match. */
    if (memcmp(needle, needle + period, cut) == 0) {
        keep = size - period;
    } else {
        keep = 0;
        period = (cut > size - cut ? cut : size - cut) + 1;
    }

    /* Horspool's rule first: the byte under the needle's last byte must occur in the needle. */
    for (size_t i = 0; i < size; i++) {
        byte_set_add(&present, needle[i]);
        last_at[needle[i]] = i;
    }

    while (text_reaches(text, at + size)) {
        const unsigned char *window = text->bytes + at;
        unsigned char last = window[size - 1];
        size_t i, move = byte_set_has(&present, last) ? size - 1 - last_at[last] : size;

        if (move != 0) {
            /* A move shorter than the remembered match would break the linear bound. */
            at += move < remembered ? remembered : move;
            remembered = 0;
            continue;
        }
        for (i = cut > remembered ? cut : remembered; i < size && needle[i] == window[i]; i++)
            ;
        if (i < size) {
            at += i - cut + 1;
            remembered = 0;
            continue;
        }
        for (i = cut; i > remembered && needle[i - 1] == window[i - 1]; i--)
            ;
        if (i <= remembered)
            return (void *)window;
        at += period;
        remembered = keep;
    }
    return NULL;
}

void *__search(const void *memory, size_t size, int open, const void *needle, size_t needle_size)
{
    struct text text = {memory, size, open};

    if (needle_size <= SHORT_NEEDLE)
        return search_short(&text, needle, needle_size);
    return search_two_way(&text, needle, needle_size);
}
