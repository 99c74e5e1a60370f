/* Numbers as input items: the longest sequence which is, or is a prefix of, a matching one (C17
 * 7.21.6.2p9). "1e" and "0x" are items but no numbers: they are consumed, and do not match. */
#include "libc-min/stdlib/integer_parse.h"
#include "scan.h"
#include <stdlib.h>
#include <string.h>

static void item_append(struct item *item, int byte)
{
    char *larger;

    if (item->length + 2 > item->room) {
        larger = malloc(item->room * 2);
        if (!larger) {
            item->failed = 1;
            return;
        }
        memcpy(larger, item->text, item->length);
        __item_end(item);
        item->text = larger;
        item->room *= 2;
    }
    item->text[item->length++] = (char)byte;
}

static void item_begin(struct item *item, size_t width)
{
    item->width = width;
    item->text = item->small;
    item->room = sizeof item->small;
    item->length = 0;
    item->failed = 0;
}

void __item_end(struct item *item)
{
    if (item->text != item->small)
        free(item->text);
}

/* Takes the next character if it is one of the two. */
static int item_take(struct input *input, struct item *item, int one, int other)
{
    int byte;

    if (!item->width)
        return 0;
    byte = input_take(input);
    if (byte != one && byte != other) {
        input_return(input, byte);
        return 0;
    }
    item->width--;
    item_append(item, byte);
    return 1;
}

/* Takes digits of the base, and the character `also`; returns their number. */
static size_t item_digits(struct input *input, struct item *item, unsigned base, int also)
{
    size_t before = item->length;
    int byte;

    for (; item->width; item->width--) {
        byte = input_take(input);
        if (byte == EOF || (digit_value(byte) >= base && byte != also)) {
            input_return(input, byte);
            break;
        }
        item_append(item, byte);
    }
    return item->length - before;
}

static int item_word(struct input *input, struct item *item, const char *word)
{
    for (; *word; word++)
        if (!item_take(input, item, *word, *word - 'a' + 'A'))
            return 0;
    return 1;
}

int __item_integer(struct input *input, struct item *item, size_t width, int base)
{
    int zero = 0;

    item_begin(item, width);
    item_take(input, item, '+', '-');
    if (base == 0 || base == 16) {
        zero = item_take(input, item, '0', '0');
        if (zero && item_take(input, item, 'x', 'X'))
            base = 16, zero = 0;
        else if (base == 0)
            base = zero ? 8 : 10;
    }
    if (!item_digits(input, item, (unsigned)base, -1) && !zero)
        return 0;
    item->text[item->length] = 0;
    return !item->failed;
}

static int item_number(struct input *input, struct item *item)
{
    unsigned base = 10;
    size_t digits = 0;

    if (item_take(input, item, '0', '0')) {
        digits = 1;
        if (item_take(input, item, 'x', 'X'))
            base = 16, digits = 0;
    }
    digits += item_digits(input, item, base, -1);
    if (item_take(input, item, '.', '.'))
        digits += item_digits(input, item, base, -1);
    if (!digits)
        return 0;
    if (!item_take(input, item, base == 16 ? 'p' : 'e', base == 16 ? 'P' : 'E'))
        return 1;
    item_take(input, item, '+', '-');
    return item_digits(input, item, 10, -1) != 0;
}

int __item_float(struct input *input, struct item *item, size_t width)
{
    int matches;

    item_begin(item, width);
    item_take(input, item, '+', '-');
    if (item_take(input, item, 'i', 'I')) {
        matches = item_word(input, item, "nf");
        if (matches && item_take(input, item, 'i', 'I'))
            matches = item_word(input, item, "nity");
    } else if (item_take(input, item, 'n', 'N')) {
        matches = item_word(input, item, "an");
        if (matches && item_take(input, item, '(', '(')) {
            item_digits(input, item, 36, '_');
            matches = item_take(input, item, ')', ')');
        }
    } else {
        matches = item_number(input, item);
    }
    item->text[item->length] = 0;
    return matches && !item->failed;
}
