#!/usr/bin/env python3
"""Writes unicode_tables.h, what wide.c knows of Unicode, from Python's unicodedata, and from Perl
for the one property which that lacks. Both must know the same version of Unicode.

    python3 libc-min/ctype/unicode.py > libc-min/ctype/unicode_tables.h
"""
import subprocess
import sys
import unicodedata

LAST = 0x10FFFF


PERL = r"""
no warnings;
use Unicode::UCD;
print Unicode::UCD::UnicodeVersion(), "\n";
for (0 .. 0x10FFFF) { print "$_\n" if chr($_) =~ /\p{Alphabetic}/ }
"""


def read_alphabetic():
    output = subprocess.run(["perl", "-e", PERL], check=True, capture_output=True, text=True)
    version, *characters = output.stdout.split()
    if version != unicodedata.unidata_version:
        sys.exit(f"Perl has Unicode {version}, Python {unicodedata.unidata_version}")
    return set(map(int, characters))


ALPHABETIC = read_alphabetic()


def category(c):
    return unicodedata.category(chr(c))


def is_alpha(c):
    # Digits of other scripts too: iswdigit() may be true for ASCII's only (C11 7.30.2.1.5).
    return c in ALPHABETIC or (category(c) == "Nd" and c > 0x7F)


def is_punct(c):
    return category(c)[0] in "MNPS" and not is_alpha(c) and not 0x30 <= c <= 0x39


def is_zero_width(c):
    # Combining marks, format characters but the soft hyphen, vowels and finals of Hangul.
    return (category(c) in ("Mn", "Me", "Cf") and c != 0xAD) or 0x1160 <= c <= 0x11FF


def is_double_width(c):
    return unicodedata.east_asian_width(chr(c)) in "WF" and not is_zero_width(c)


def to_upper(c):
    """The simple mapping; where the full one is longer it is the same as the title case's."""
    for text in (chr(c).upper(), chr(c).title()):
        if len(text) == 1:
            return ord(text)
    return c


def to_lower(c):
    return ord(chr(c).lower()[0])


def ranges(predicate):
    first = None
    for c in range(LAST + 2):
        inside = c <= LAST and predicate(c)
        if inside and first is None:
            first = c
        if not inside and first is not None:
            yield first, c - 1
            first = None


def runs(mapping):
    """Characters that go the same way: (first, last, step between them, how far)."""
    found = []
    for c in range(LAST + 1):
        way = mapping(c) - c
        if way == 0:
            continue
        if found:
            first, last, step, its_way = found[-1]
            if way == its_way and c - last <= 2 and (first == last or c - last == step):
                found[-1] = first, c, c - last, way
                continue
        found.append((c, c, 1, way))
    return found


def table(declaration, rows):
    print(f"\nstatic const {declaration} = {{")
    line = "   "
    for row in rows:
        item = " {" + ", ".join(row) + "},"
        if len(line) + len(item) > 100:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};")


def main():
    print(f"/* Made by unicode.py from Unicode {unicodedata.unidata_version}. */")
    for name, predicate in (
        ("alpha", is_alpha),
        ("punct", is_punct),
        ("zero_width", is_zero_width),
        ("double_width", is_double_width),
    ):
        rows = [(f"{first:#x}", f"{last:#x}") for first, last in ranges(predicate)]
        table(f"struct range {name}[]", rows)
    for name, mapping in (("upper", to_upper), ("lower", to_lower)):
        rows = [(f"{a:#x}", f"{b:#x}", str(step), str(way)) for a, b, step, way in runs(mapping)]
        table(f"struct run to_{name}[]", rows)


if __name__ == "__main__":
    sys.exit(main())
