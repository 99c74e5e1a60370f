/* scanf's format language: C17 7.21.6.2, POSIX's positions (%n$) and its m for allocation. */
#include "scan.h"
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum outcome { MATCHED, NO_MATCH, NO_INPUT, NO_MEMORY, BAD_ENCODING };

struct scan_conversion {
    void *target;         /* NULL: assignment suppressed */
    size_t width;         /* 0: none given */
    char length;          /* h, l, j, z, t, L; H for hh, q for ll; 0: none */
    char letter;          /* d, i, ... */
    int allocate;         /* m */
    const character *set; /* of %[: the text after the bracket */
    const character *end; /* of the set: at its closing bracket */
};

/* -------------------------------------------------------------------------------------------- */
/* Numbers */

static int integer_base(char letter)
{
    switch (letter) {
    case 'd':
    case 'u':
        return 10;
    case 'o':
        return 8;
    case 'i':
        return 0;
    }
    return 16; /* x, X, p */
}

static void integer_store(const struct scan_conversion *conversion, uintmax_t value)
{
    if (!conversion->target)
        return;
    switch (conversion->letter == 'p' ? 'l' : conversion->length) {
    case 'H':
        *(unsigned char *)conversion->target = (unsigned char)value;
        break;
    case 'h':
        *(unsigned short *)conversion->target = (unsigned short)value;
        break;
    case 0:
        *(unsigned *)conversion->target = (unsigned)value;
        break;
    default: /* l, ll, j, z, t: one size */
        *(uintmax_t *)conversion->target = value;
        break;
    }
}

static enum outcome scan_integer(struct input *input, const struct scan_conversion *conversion)
{
    struct item item; /* not initialized: most of it is an array */
    size_t width = conversion->width ? conversion->width : SIZE_MAX;
    int base = integer_base(conversion->letter), error = errno;
    enum outcome outcome = MATCHED;
    uintmax_t value;

    if (!__item_integer(input, &item, width, base)) {
        outcome = item.failed ? NO_MEMORY : NO_MATCH;
    } else {
        if (conversion->letter == 'd' || conversion->letter == 'i')
            value = (uintmax_t)strtoimax(item.text, NULL, base);
        else
            value = strtoumax(item.text, NULL, base);
        integer_store(conversion, value);
        errno = error;
    }
    __item_end(&item);
    return outcome;
}

static enum outcome scan_float(struct input *input, const struct scan_conversion *conversion)
{
    struct item item;
    size_t width = conversion->width ? conversion->width : SIZE_MAX;
    enum outcome outcome = MATCHED;
    int error = errno;

    if (!__item_float(input, &item, width))
        outcome = item.failed ? NO_MEMORY : NO_MATCH;
    else if (!conversion->target)
        ;
    else if (conversion->length == 'L')
        *(long double *)conversion->target = strtold(item.text, NULL);
    else if (conversion->length == 'l')
        *(double *)conversion->target = strtod(item.text, NULL);
    else
        *(float *)conversion->target = strtof(item.text, NULL);
    if (outcome == MATCHED)
        errno = error;
    __item_end(&item);
    return outcome;
}

/* -------------------------------------------------------------------------------------------- */
/* Characters */

/* Destination of characters: the program's array, or one that grows. */
struct store {
    char *bytes;   /* NULL: nowhere */
    wchar_t *wide; /* for the l modifier */
    size_t count;  /* stored */
    size_t taken;  /* of the field's width: equal to `count`, except for wide input into bytes */
    size_t room;   /* of an allocated array, characters; 0: the program's array */
    int is_wide;
    mbstate_t state;
};

static int store_grow(struct store *store)
{
    size_t size = store->is_wide ? sizeof(wchar_t) : 1, room = store->room * 2;
    void *memory = store->is_wide ? (void *)store->wide : store->bytes;

    memory = realloc(memory, room * size);
    if (!memory)
        return 0;
    store->room = room;
    if (store->is_wide)
        store->wide = memory;
    else
        store->bytes = memory;
    return 1;
}

/* Makes room for `more` characters and the null character; 0 if there is no memory. */
static int store_reserve(struct store *store, size_t more)
{
    while (store->room && store->count + more >= store->room)
        if (!store_grow(store))
            return 0;
    return 1;
}

#ifdef WIDE

/* Stores one character of input; in an array of bytes, as multibyte character. */
static enum outcome store_put(struct store *store, int taken)
{
    char bytes[MB_LEN_MAX];
    size_t size = 1;

    if (!store->is_wide) {
        size = wcrtomb(bytes, (wchar_t)taken, &store->state);
        if (size == (size_t)-1)
            return BAD_ENCODING;
    }
    if (!store_reserve(store, size))
        return NO_MEMORY;
    if (store->wide)
        store->wide[store->count] = (wchar_t)taken;
    else if (store->bytes)
        memcpy(store->bytes + store->count, bytes, size);
    store->count += size;
    store->taken++;
    return MATCHED;
}

#else

/* Stores one byte of input; for a wide array, the byte may be a part of a character. */
static enum outcome store_put(struct store *store, int taken)
{
    char narrow = (char)taken;
    wchar_t wide = 0;

    if (LIKELY(store->bytes && !store->room)) {
        store->bytes[store->count++] = narrow;
        store->taken = store->count;
        return MATCHED;
    }
    if (store->is_wide) {
        size_t size = mbrtowc(&wide, &narrow, 1, &store->state);

        if (size == (size_t)-1)
            return BAD_ENCODING;
        if (size == (size_t)-2)
            return MATCHED;
    }
    if (!store_reserve(store, 1))
        return NO_MEMORY;
    if (store->wide)
        store->wide[store->count] = wide;
    else if (store->bytes)
        store->bytes[store->count] = narrow;
    store->taken = ++store->count;
    return MATCHED;
}

#endif

static int store_begin(struct store *store, const struct scan_conversion *conversion)
{
    *store = (struct store){.is_wide = conversion->length == 'l'};
    if (!conversion->target)
        return 1;
    if (conversion->allocate) {
        store->room = 16;
        return store_grow(store);
    }
    if (store->is_wide)
        store->wide = conversion->target;
    else
        store->bytes = conversion->target;
    return 1;
}

/* Terminates a string, and passes the allocated array to the program; frees it after an error. */
static void store_end(struct store *store, const struct scan_conversion *conversion,
                      enum outcome outcome)
{
    if (outcome != MATCHED) {
        if (store->room) {
            free(store->wide);
            free(store->bytes);
        }
        return;
    }
    if (conversion->letter != 'c') {
        if (store->wide)
            store->wide[store->count] = 0;
        else if (store->bytes)
            store->bytes[store->count] = 0;
    }
    if (store->room)
        *(void **)conversion->target = store->is_wide ? (void *)store->wide : store->bytes;
}

/* Sets the first and last member of the next range of a set; a single character is a range too.
 * Returns the rest of the set. POSIX leaves open what `-` means. Here, as in musl, `-` always makes
 * a range: the last member of a range may begin another, and if the second end is the lower one,
 * only the two ends are members. */
static const character *range_next(const character *next, const character *end, int *from, int *to)
{
    *from = *to = (input_character)*next++;
    if (next + 1 < end && *next == '-') {
        next++;
        if (*to < (input_character)*next)
            *to = (input_character)*next;
    }
    return next;
}

#ifdef WIDE

/* Searches the set for each character: a table of all characters would be too large. */
struct members {
    const character *set, *end;
};

static void set_make(const struct scan_conversion *conversion, struct members *members)
{
    members->set = conversion->set;
    members->end = conversion->end;
}

static int set_takes(const struct members *members, int taken)
{
    int wanted = *members->set != '^', from, to;
    const character *next = members->set + !wanted;

    while (next < members->end) {
        next = range_next(next, members->end, &from, &to);
        if (from <= taken && taken <= to)
            return wanted;
    }
    return !wanted;
}

#else

struct members {
    unsigned char takes[256];
};

static void set_make(const struct scan_conversion *conversion, struct members *members)
{
    const character *next = conversion->set;
    int wanted = 1, from, to;

    if (conversion->letter != '[')
        return;
    if (*next == '^')
        wanted = 0, next++;
    memset(members->takes, !wanted, 256);
    while (next < conversion->end)
        for (next = range_next(next, conversion->end, &from, &to); from <= to; from++)
            members->takes[from] = (unsigned char)wanted;
}

static int set_takes(const struct members *members, int taken)
{
    return members->takes[taken];
}

#endif

static int takes(const struct scan_conversion *conversion, const struct members *members, int taken)
{
    switch (conversion->letter) {
    case 's':
        return !character_is_space(taken);
    case '[':
        return set_takes(members, taken);
    }
    return 1;
}

static enum outcome scan_characters(struct input *input, const struct scan_conversion *conversion)
{
    int single = conversion->letter == 'c', taken = 0;
    size_t width = conversion->width ? conversion->width : single ? 1 : SIZE_MAX;
    enum outcome outcome = MATCHED;
    struct members members;
    struct store store;

    if (!store_begin(&store, conversion))
        return NO_MEMORY;
    set_make(conversion, &members);
    while (outcome == MATCHED && store.taken < width) {
        taken = input_take(input);
        if (taken == EOF || !takes(conversion, &members, taken)) {
            input_return(input, taken);
            break;
        }
        outcome = store_put(&store, taken);
    }
    if (outcome == MATCHED && store.is_wide && !mbsinit(&store.state))
        outcome = BAD_ENCODING;
    else if (outcome == MATCHED && !store.taken)
        outcome = taken == EOF ? NO_INPUT : NO_MATCH;
    else if (outcome == MATCHED && single && store.taken < width)
        outcome = NO_MATCH; /* C17 7.21.6.2p12: exactly so many */
    store_end(&store, conversion, outcome);
    return outcome;
}

/* -------------------------------------------------------------------------------------------- */
/* The language */

/* Skips white space; returns the next character, which stays in the input. */
static int space_skip(struct input *input)
{
    int taken;

    do
        taken = input_take(input);
    while (character_is_space(taken));
    input_return(input, taken);
    return taken;
}

static size_t number_parse(const character **text)
{
    size_t number = 0;

    for (; (unsigned)**text - '0' < 10; (*text)++)
        number = number < SIZE_MAX / 16 ? number * 10 + (size_t)(**text - '0') : number;
    return number;
}

/* All arguments are pointers. */
static void *argument_at(va_list arguments, size_t position)
{
    va_list list;
    void *argument = NULL;

    va_copy(list, arguments);
    while (position--)
        argument = va_arg(list, void *);
    va_end(list);
    return argument;
}

static int letter_known(char letter)
{
    switch (letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'p':
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'c':
    case 'C':
    case 's':
    case 'S':
    case '[':
    case 'n':
    case '%':
        return 1;
    }
    return 0;
}

struct arguments {
    va_list list;
};

/* Parses a conversion after its `%`, including the letter and the set. Nonzero if it is invalid. */
static int conversion_parse(const character **format, struct arguments *arguments,
                            struct scan_conversion *conversion)
{
    const character *text = *format, *end = text;
    size_t position = number_parse(&end);
    int suppress = 0;

    *conversion = (struct scan_conversion){0};
    if (position && *end == '$')
        text = end + 1;
    else
        position = 0;
    if (*text == '*')
        suppress = 1, text++;
    conversion->width = number_parse(&text);
    if (*text == 'm')
        conversion->allocate = 1, text++;
    if (*text == 'h' || *text == 'l' || *text == 'j' || *text == 'z' || *text == 't' ||
        *text == 'L' || *text == 'q') {
        conversion->length = (char)*text++;
        if (conversion->length == *text && (*text == 'h' || *text == 'l'))
            conversion->length = *text++ == 'h' ? 'H' : 'q';
    }
    conversion->letter = character_letter(*text++);
    if (!letter_known(conversion->letter))
        return -1;
    if (conversion->letter == 'C' || conversion->letter == 'S') {
        conversion->letter = conversion->letter == 'C' ? 'c' : 's';
        conversion->length = 'l';
    }
    if (conversion->letter == '[') {
        conversion->set = text;
        text += *text == '^';
        text += *text == ']'; /* as the first character, it is a member */
        text = character_find(text, ']');
        if (!text)
            return -1;
        conversion->end = text++;
    }
    *format = text;
    if (!suppress && conversion->letter != '%')
        conversion->target = position ? argument_at(arguments->list, position)
                                      : va_arg(arguments->list, void *);
    return 0;
}

static enum outcome scan_percent(struct input *input)
{
    int taken = input_take(input);

    if (taken == '%')
        return MATCHED;
    input_return(input, taken);
    return taken == EOF ? NO_INPUT : NO_MATCH;
}

static enum outcome scan_one(struct input *input, const struct scan_conversion *conversion)
{
    switch (conversion->letter) {
    case 'n':
        integer_store(conversion, input->count);
        return MATCHED;
    case 'c':
    case '[':
        return scan_characters(input, conversion);
    }
    if (space_skip(input) == EOF)
        return NO_INPUT;
    switch (conversion->letter) {
    case '%':
        return scan_percent(input);
    case 's':
        return scan_characters(input, conversion);
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'p':
        return scan_integer(input, conversion);
    }
    return scan_float(input, conversion);
}

/* White space, or a character that must match. */
static enum outcome scan_literal(struct input *input, const character **format)
{
    int wanted = (input_character) * (*format)++, taken;

    if (character_is_space(wanted)) {
        while (character_is_space((input_character) * *format))
            ++*format;
        space_skip(input);
        return MATCHED;
    }
    taken = input_take(input);
    if (taken == wanted)
        return MATCHED;
    input_return(input, taken);
    return taken == EOF ? NO_INPUT : NO_MATCH;
}

int __scan(struct input *input, const character *format, va_list list)
{
    struct scan_conversion conversion;
    struct arguments arguments;
    enum outcome outcome = MATCHED;
    int assigned = 0;

    va_copy(arguments.list, list);
    while (*format && outcome == MATCHED) {
        if (*format != '%') {
            outcome = scan_literal(input, &format);
            continue;
        }
        format++;
        if (conversion_parse(&format, &arguments, &conversion)) {
            errno = EINVAL;
            outcome = NO_INPUT; /* musl's result for an invalid conversion */
            break;
        }
        outcome = scan_one(input, &conversion);
        if (outcome == MATCHED && conversion.target && conversion.letter != 'n')
            assigned++;
    }
    va_end(arguments.list);
    if (outcome == MATCHED || outcome == NO_MATCH)
        return assigned;
    return assigned ? assigned : EOF;
}
